using System.Security.Cryptography;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>
/// Reads in a device's log what did not come otherwise: by serial where it can be asked so, since its clock may have jumped; else, and where it has nothing by serial, by time, wide
/// enough for a clock that was wrong. What is there already is known by its key. One walk at a time.
/// </summary>
/// <param name="isStreaming">Whether what happens comes by the stream as well.</param>
internal sealed class BackFill(Device device, IsapiServices services, LogProgress progress, PatientClient client, Func<bool> isStreaming) : IDisposable
{
    // A device that was told the time in between: its events lie within an hour of each other, or its serials find them.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    // Ahead of us, by a zone at most: a clock that is wrong the other way hides nothing.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    // A clock that is further behind stands in another year, and is not only in another zone at a quiet weekend.
    private static readonly TimeSpan MostBehind = TimeSpan.FromDays(3);

    // The last year that all firmware knows.
    private static readonly DateTimeOffset End = new(2037, 12, 31, 0, 0, 0, TimeSpan.Zero);

    // The most that a position can be, by the smallest page.
    private const int MostPages = 30_000;

    // One that the stream got ahead of is followed by another. A stream that breaks off its own serials at every event does so again and again: then the next regular look goes on.
    private const int MostLooks = 3;

    private readonly SemaphoreSlim _turn = new(1);
    private LogAbilities? _abilities;

    /// <summary>From the cursor to now.</summary>
    public async Task<BackFillResult> RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _abilities ??= await LogAbilities.ReadAsync(client, cancellationToken);
            var (read, stored) = (0, 0);
            for (var looks = 1; ; looks++)
            {
                progress.BeginLook();
                var (now, cursor, walk) = (services.Time.GetUtcNow(), progress.Cursor, new Walk());
                // Nothing by serial: nothing happened, or its serials began at one again. Only the times tell.
                var isByTime = !await TryBySerialAsync(walk, cursor.Serial, cancellationToken) || walk.Read == 0;
                if (isByTime && !await TryByTimeAsync(walk, cursor, now, cancellationToken))
                {
                    progress.CatchUp(null, null, isRestarted: false);
                    return new BackFillResult(false, read, stored, walk.Fault);
                }

                // Its clock does not show the time of which the log was asked: what followed the first one that came live.
                if (cursor.Serial == 0 && !(walk.LastSerial >= cursor.Anchor))
                    await TryBySerialAsync(walk, cursor.Anchor, cancellationToken);
                (read, stored) = (read + walk.Read, stored + walk.Stored);
                var isMissing = progress.CatchUp(walk.LastSerial, walk.LastAt, isRestarted: isByTime && walk.Stored > 0 && walk.LastSerial <= cursor.Serial);
                await progress.WriteAsync(cancellationToken);
                if (!isMissing || looks == MostLooks)
                    return new BackFillResult(true, read, stored, "");
                await Task.Delay(TimeSpan.FromMilliseconds(services.Options.PagePauseMs), services.Time, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>From a time on, whatever is known.</summary>
    public async Task<BackFillResult> RunAsync(DateTimeOffset from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _abilities ??= await LogAbilities.ReadAsync(client, cancellationToken);
            var walk = new Walk();
            var isSupported = await WalkAsync(walk, from, to ?? services.Time.GetUtcNow() + Ahead, null, cancellationToken);
            return new BackFillResult(isSupported, walk.Read, walk.Stored, walk.Fault);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <param name="known">0: none.</param>
    /// <returns>False where there is none to ask from, or where the device cannot be asked so.</returns>
    private async Task<bool> TryBySerialAsync(Walk walk, long known, CancellationToken cancellationToken)
    {
        if (known == 0 || !_abilities!.HasSerials)
            return false;
        if (await WalkAsync(walk, LogWindow.Earliest, End, known + 1, cancellationToken))
            return true;
        _abilities = _abilities with { HasSerials = false };
        return false;
    }

    /// <returns>False where it has no log that can be read.</returns>
    private async Task<bool> TryByTimeAsync(Walk walk, IsapiCursor cursor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (from, to) in SpansOf(cursor, now))
        {
            if (!await WalkAsync(walk, from, to, null, cancellationToken))
                return false;
        }

        return true;
    }

    /// <summary>When something may have happened that is not known.</summary>
    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> SpansOf(IsapiCursor cursor, DateTimeOffset now)
    {
        var until = now + Ahead;
        if (cursor.At is null && cursor.SeenAt is null)
            return [(LogWindow.BeginningOf(device.Row, services.Options), until)];
        // By whichever clock is behind.
        var seen = cursor.SeenAt ?? now;
        var shown = cursor.At is { } at && at < seen ? at : seen;
        var recent = seen - MostBehind;
        // One that stands in another year has run on from there, or was set right since: what lies between the two is years of a log that is known.
        var runOn = shown + (now > seen ? now - seen : TimeSpan.Zero) + Overlap;
        if (runOn >= recent)
            return [(shown - Overlap, until)];
        return runOn > LogWindow.Earliest ? [(Later(shown - Overlap, LogWindow.Earliest), runOn), (recent - Overlap, until)] : [(recent - Overlap, until)];
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <returns>False where the device cannot be asked so; <see cref="Walk.Fault"/> says what it answered.</returns>
    /// <exception cref="IsapiException">It cannot be reached, or answered something that is no page.</exception>
    private async Task<bool> WalkAsync(Walk walk, DateTimeOffset from, DateTimeOffset to, long? fromSerial, CancellationToken cancellationToken)
    {
        var zone = device.Zone(services.Devices.TimeZone);
        var (searchId, position) = (NewSearchId(), 0);
        var isOrdered = true;
        for (var pages = 0; pages < MostPages; pages++)
        {
            var call = AcsEventPage.Ask(searchId, position, _abilities!.PageSize, DeviceTime.Format(from, zone), DeviceTime.Format(to, zone), fromSerial);
            var reply = await client.AskAsync(call, cancellationToken);
            device.Saw();
            if (AcsEventPage.TryRead(reply) is not { } page)
            {
                var status = reply.Judge();
                walk.Fault = status.Words;
                if (status.Is("badParameters", "badJsonContent", "beyondARGSRangeLimit", "MessageParametersLack") && _abilities.PageSize > LogAbilities.SmallestPage && position == 0)
                {
                    _abilities = _abilities with { PageSize = LogAbilities.SmallestPage };
                    searchId = NewSearchId();
                    continue;
                }

                if (fromSerial is not null || status.IsNotSupported || reply.Status is 404 or 501)
                    return false;
                throw new IsapiException(IsapiFault.Unreachable, $"{AcsEventPage.Describe(position)}: {status.Words}");
            }

            // It looks at no serial, and would read out all that it has.
            if (page.Events.Count > 0 && page.Events.All(happened => happened.Serial < fromSerial))
                return false;
            var before = walk.LastSerial;
            await StoreAsync(walk, page, zone, cancellationToken);
            isOrdered &= page.Events.Count == 0 || before is null || page.Events[0].Serial > before;
            // Where serials are asked for in order, a crash after this page begins behind it.
            if (isOrdered && fromSerial is not null && walk is { LastSerial: { } last, LastAt: { } at })
            {
                progress.Advance(last, at);
                await progress.WriteSometimesAsync(cancellationToken);
            }

            position += page.ReceivedCount;
            if (!page.HasMore)
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(services.Options.PagePauseMs), services.Time, cancellationToken);
        }

        return true;
    }

    private async Task StoreAsync(Walk walk, AcsEventPage page, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var (now, counts) = (services.Time.GetUtcNow(), services.CountsOf(device));
        var (rows, unknown) = (new List<DeviceEventRow>(page.Events.Count), new List<DeviceEventRow>());
        var (youngest, grace) = (TimeSpan.MaxValue, services.Options.PictureGrace);
        foreach (var happened in page.Events)
        {
            // A page has no others.
            var (major, sub) = happened.Numbers!.Value;
            var code = EventCodeTable.Find(major, sub);
            if (code?.Meaning == EventMeaning.Heartbeat)
                continue;
            var row = EventMapper.ToRow(happened, device, zone, EventSource.Log, now);
            rows.Add(row);
            if (code is null)
                unknown.Add(row);
            if ((now - row.OccurredAt).Duration() is var age && age < youngest && happened.TextOf("pictureURL").Length > 0)
                youngest = age;
            if (happened.Serial is { } serial && !(serial <= walk.LastSerial))
                (walk.LastSerial, walk.LastAt) = (serial, row.OccurredAt);
        }

        // The first copy is the record, and only the stream's has the picture: it may be on its way.
        if (youngest < grace && isStreaming())
            await Task.Delay(grace, services.Time, cancellationToken);
        var duplicates = await services.Quiet.AppendAsync(rows, cancellationToken);
        counts.CountStored(rows.Count - duplicates, duplicates);
        // The same hours of a log are read again and again, and most of it came by the stream: each one counts once.
        counts.CountUnknownCode(unknown.Count(row => row.Id != 0));
        counts.CountUnreadable(page.ReceivedCount - page.Events.Count);
        walk.Read += rows.Count;
        walk.Stored += rows.Count - duplicates;
    }

    // 16 characters: the longest that all take have 20.
    private static string NewSearchId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private sealed class Walk
    {
        public int Read { get; set; }

        public int Stored { get; set; }

        public long? LastSerial { get; set; }

        public DateTimeOffset? LastAt { get; set; }

        public string Fault { get; set; } = "";
    }
}
