using System.Text.Json;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Something that a device was told, and what it made of it (docs/formats/console-api.md).</summary>
/// <param name="State"><c>queued</c>, <c>sent</c>, <c>succeeded</c>, <c>failed</c>, <c>expired</c>.</param>
/// <param name="Result">The device's own code and words.</param>
internal sealed record DeviceCommandLine(
    long Id, string Kind, JsonElement Arguments, string State, string Result, int SentCount, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? EndedAt, DateTimeOffset ExpiresAt)
{
    public static DeviceCommandLine Of(DeviceCommandRow row, DateTimeOffset now)
    {
        // Written down when the device comes the next time; it is true already.
        var state = IsOpen(row) && row.ExpiresAt <= now ? DeviceCommandState.Expired : row.State;
        using var arguments = JsonDocument.Parse(row.Arguments);
        return new DeviceCommandLine(
            row.Id, row.Kind, arguments.RootElement.Clone(), CandidateJson.Word(state), row.Result, row.SentCount, row.CreatedAt, row.SentAt, row.EndedAt, row.ExpiresAt);
    }

    /// <summary>It has neither been answered nor given up.</summary>
    public static bool IsOpen(DeviceCommandRow row) => row.State is DeviceCommandState.Queued or DeviceCommandState.Sent;
}
