using System.Text.Json;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>An event as the console shows it (docs/formats/console-api.md).</summary>
/// <param name="Device">What people call the device; its serial where it has no name, its id where it is no longer there.</param>
/// <param name="PersonName">As it is known now; null where nobody is, or no longer.</param>
/// <param name="LatencyMs">From the arrival of the deciding frame to the decision; null where the server did not decide.</param>
/// <param name="Picture">Path of the picture; null where there is none.</param>
/// <param name="Detail">What else the device said.</param>
internal sealed record EventLine(
    long Id, string Tenant, string DeviceId, string Device, string Door, string Kind, string Outcome, string? PersonNumber, string? PersonName, DateTimeOffset OccurredAt,
    DateTimeOffset ReceivedAt, string DeviceTime, string Method, string Code, string Direction, double? Similarity, double? Liveness, string Reason, double? LatencyMs, string? Picture,
    JsonElement? Detail)
{
    public static EventLine Of(DeviceEventRow row, EventNames names)
    {
        var detail = Parse(row.Detail);
        return new EventLine(
            row.Id, row.Tenant, row.DeviceId, names.DeviceOf(row.DeviceId), row.Door, CandidateJson.Word(row.Kind), CandidateJson.Word(row.Outcome), row.PersonNumber,
            names.PersonOf(row.Tenant, row.PersonNumber), row.OccurredAt, row.ReceivedAt, row.DeviceTime, row.Method, row.Code, row.Direction, row.Similarity, row.Liveness, row.Reason,
            LatencyOf(detail), row.Picture is { } picture ? $"{ConsoleApi.Path}/pictures/{row.Tenant}/{picture}" : null, detail);
    }

    /// <summary>A device's own words are shown where they are JSON; they were checked when they were stored, and a fault of long ago breaks no page.</summary>
    private static JsonElement? Parse(string? detail)
    {
        if (detail is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(detail);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double? LatencyOf(JsonElement? detail) =>
        detail is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty("latencyMs", out var latency) && latency.ValueKind is JsonValueKind.Number ? latency.GetDouble() : null;
}
