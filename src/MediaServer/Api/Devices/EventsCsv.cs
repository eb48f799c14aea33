using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using MediaScore.DeviceStreams;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>
/// Events as a table for spreadsheets, the latest stored first, written as they are read: some at a time, so that neither memory nor the database is held by whoever reads slowly.
/// </summary>
internal sealed class EventsCsv(DeviceParts devices, EventFilter filter)
{
    // A quarter of a megabyte of text; between two of them the database is free.
    private const int RowsAtOnce = 1_000;

    private static readonly string[] Columns =
    [
        "id", "time", "time_zone", "time_utc", "received_utc", "device_time", "tenant", "device_id", "device", "door", "direction", "kind", "outcome", "person_number", "person_name",
        "method", "code", "similarity", "liveness", "reason", "picture", "detail",
    ];

    private readonly CsvLine _line = new();

    /// <returns>Rows written.</returns>
    public async Task<long> WriteAsync(PipeWriter body, CancellationToken cancellation)
    {
        // Without a byte order mark Excel takes UTF-8 for the code page of the day before yesterday.
        body.Write(Encoding.UTF8.Preamble);
        foreach (var column in Columns)
            _line.Own(column);
        _line.End();
        var (query, count) = (filter.Query, 0L);
        while (true)
        {
            var rows = await devices.Events.SearchAsync(query, RowsAtOnce, cancellation);
            var names = new EventNames(devices);
            foreach (var row in rows)
                Append(row, names);
            Encoding.UTF8.GetBytes(_line.Take(), body);
            await body.FlushAsync(cancellation);
            count += rows.Count;
            if (rows.Count < RowsAtOnce)
                return count;
            query = query with { BeforeId = rows[^1].Id };
        }
    }

    private void Append(DeviceEventRow row, EventNames names)
    {
        _line.Own(row.Id.ToString(CultureInfo.InvariantCulture))
            .Own(TimeZoneInfo.ConvertTime(row.OccurredAt, filter.Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture))
            .Own(filter.Zone.Id)
            .Own(Utc(row.OccurredAt))
            .Own(Utc(row.ReceivedAt))
            .Foreign(row.DeviceTime)
            .Own(row.Tenant)
            .Own(row.DeviceId)
            .Foreign(names.DeviceOf(row.DeviceId))
            .Foreign(row.Door)
            .Foreign(row.Direction)
            .Own(CandidateJson.Word(row.Kind))
            .Own(CandidateJson.Word(row.Outcome))
            .Foreign(row.PersonNumber)
            .Foreign(names.PersonOf(row.Tenant, row.PersonNumber))
            .Foreign(row.Method)
            .Foreign(row.Code)
            .Own(Number(row.Similarity))
            .Own(Number(row.Liveness))
            .Foreign(row.Reason)
            .Own(row.Picture ?? "")
            .Foreign(row.Detail)
            .End();
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}
