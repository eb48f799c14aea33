using System.Globalization;
using Grpc.Core;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Device = MediaScore.DeviceStreams.Registry.Device;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>What a terminal decided by itself, mostly while it was offline: stored once, and acknowledged when it is.</summary>
internal sealed class TerminalLog(Device device, EventJournal journal, DeviceRegistry registry)
{
    private const int MaxRecords = 1_000;
    private const int MaxNumberLength = 32;
    private const int MaxDetailLength = 256;

    /// <summary>Records up to this number are stored for good.</summary>
    public static ulong StoredOf(Device device) => ulong.TryParse(device.Row.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var stored) ? stored : 0;

    /// <returns>The number up to which all is stored now.</returns>
    /// <exception cref="RpcException">A record is not what the proto says; none of its message was stored.</exception>
    public async Task<ulong> StoreAsync(LogRecords log, CancellationToken cancellationToken)
    {
        if (log.Records.Count > MaxRecords)
            throw Invalid($"log has {log.Records.Count} records; at most {MaxRecords} a message");
        await journal.AppendAsync([.. log.Records.Select(EventOf)], cancellationToken);
        var stored = Math.Max(StoredOf(device), log.Records.Count > 0 ? log.Records.Max(record => record.RecordId) : 0);
        await registry.ChangeAsync(device.Id, row => row.Cursor = stored.ToString(CultureInfo.InvariantCulture), announce: false, cancellationToken);
        return stored;
    }

    private static RpcException Invalid(string fault) => new(new Status(StatusCode.InvalidArgument, fault));

    private DeviceEventRow EventOf(LogRecord record)
    {
        if (record.RecordId == 0)
            throw Invalid("log.record_id begins at 1");
        if (record.PersonNumber.Length > MaxNumberLength || record.Detail.Length > MaxDetailLength)
            throw Invalid($"record {record.RecordId}: person_number has at most {MaxNumberLength} characters, detail {MaxDetailLength}");
        if (record.At is null)
            throw Invalid($"record {record.RecordId}: at is missing");
        DateTimeOffset at;
        try
        {
            at = record.At.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"record {record.RecordId}: at is no time between year 1 and 9999");
        }

        return new DeviceEventRow
        {
            Tenant = device.Tenant,
            DeviceId = device.Id,
            DeduplicationKey = string.Create(CultureInfo.InvariantCulture, $"log/{record.RecordId}"),
            Kind = DeviceEventKind.Access,
            Outcome = DeviceWire.FromWire(record.Outcome),
            PersonNumber = record.PersonNumber.Length > 0 ? record.PersonNumber : null,
            OccurredAt = at,
            DeviceTime = at.ToString("O", CultureInfo.InvariantCulture),
            Method = DeviceWire.FromWire(record.Method),
            Direction = DeviceWire.FromWire(record.Direction),
            Door = device.Row.Door,
            Reason = record.Detail,
        };
    }
}
