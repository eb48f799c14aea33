using System.Text.Json;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Support;

internal static class StoredRow
{
    /// <summary>SQLite keeps no length; every other database does, so whatever is stored has to fit its column.</summary>
    public static void ShouldFitItsColumns(this DeviceEventRow row)
    {
        row.DeduplicationKey.Length.ShouldBeInRange(1, 128);
        (row.PersonNumber?.Length ?? 0).ShouldBeLessThanOrEqualTo(64);
        row.DeviceTime.Length.ShouldBeLessThanOrEqualTo(40);
        row.Method.Length.ShouldBeLessThanOrEqualTo(32);
        row.Code.Length.ShouldBeLessThanOrEqualTo(64);
        row.Direction.Length.ShouldBeLessThanOrEqualTo(8);
        row.Door.Length.ShouldBeLessThanOrEqualTo(64);
        row.Reason.Length.ShouldBeLessThanOrEqualTo(256);
        row.OccurredAt.Year.ShouldBeInRange(1969, 2200);
        if (row.Detail is not { } detail)
            return;
        detail.Length.ShouldBeLessThanOrEqualTo(4_096);
        using var json = JsonDocument.Parse(detail);
        json.RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
    }
}
