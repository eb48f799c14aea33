using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>What comes through the stream: events on their lanes to the disk, and questions that are answered beside them.</summary>
internal sealed partial class IsapiSession
{
    // Not marked as live or of the log: then it is live while its time is about now.
    private static readonly TimeSpan LiveAge = TimeSpan.FromMinutes(5);

    private TaskCompletionSource? _answersDone;
    private int _answering;

    /// <summary>Answers a question that came by a post, from a device that wants a request of its own for it.</summary>
    public void Answer(long serial, QuestionAnswer answer, DeviceEventRow decision, DateTimeOffset dueAt) => _ = AnswerAsync(serial, answer, decision, dueAt);

    private async ValueTask AcceptAsync(IsapiEvent happened, IReadOnlyList<byte[]> pictures, CancellationToken cancellationToken)
    {
        var now = _services.Time.GetUtcNow();
        var zone = _device.Zone(_services.Devices.TimeZone);
        var isLive = IsLive(happened, zone, now);
        var row = EventMapper.ToRow(happened, _device, zone, isLive ? EventSource.Stream : EventSource.Replay, now);
        if (!isLive)
            _counts.CountReplayed();
        if (IsOlder(happened, row.OccurredAt))
        {
            _counts.CountOlder();
            return;
        }

        if (happened.Numbers is (var major, var sub) && EventCodeTable.Find(major, sub) is null)
            _counts.CountUnknownCode();
        if (pictures is [var picture, ..])
            row.Picture = await _services.Pictures.KeepAsync(_device.Tenant, _device.Id, row.DeduplicationKey, picture, CancellationToken.None);
        if (happened.IsQuestion && isLive && await TryAskAsync(happened, row, pictures, zone, now, cancellationToken))
            return;
        if (isLive)
        {
            // To the end, also while the connection ends: what has come is stored.
            await _live.AddAsync(new LiveEntry(row, happened.IsQuestion ? null : happened.Serial, happened.FrontSerial), CancellationToken.None);
            return;
        }

        await _replay.AddAsync(row, CancellationToken.None);
    }

    /// <summary>Of the log that a stream begins with, and from before this server's part of it. What follows an event that is known is this server's, whatever its clock shows.</summary>
    private bool IsOlder(IsapiEvent happened, DateTimeOffset at)
    {
        var cursor = _progress.Cursor;
        var known = cursor.Serial > 0 ? cursor.Serial : cursor.Anchor;
        return happened.IsCurrent == false && !(known > 0 && happened.Serial > known) && LogWindow.IsBefore(at, _device.Row, _services.Options);
    }

    private bool IsLive(IsapiEvent happened, TimeZoneInfo zone, DateTimeOffset now) => happened.IsCurrent
        ?? (!(happened.Serial <= _progress.Cursor.Serial) && (!DeviceTime.TryParse(happened.Time, zone, out var time) || (now - time.Time).Duration() <= LiveAge));

    /// <returns>False where it is no question for us: then it is an event like others.</returns>
    private async ValueTask<bool> TryAskAsync(
        IsapiEvent happened, DeviceEventRow row, IReadOnlyList<byte[]> pictures, TimeZoneInfo zone, DateTimeOffset arrivedAt, CancellationToken cancellationToken)
    {
        var settings = _services.RemoteChecks.GetValueOrDefault(_device.Id, RemoteCheckSettings.OfStream);
        if (!_services.QuestionsOf(_device).IsAsked(happened, row, zone, settings))
            return false;
        // It comes by a post as well, and is answered there: a record made here would make that one the second.
        if (settings.Way == AnswerWay.Reply)
            return true;
        await _questions.WaitAsync(cancellationToken);
        BeginAnswer();
        _ = DecideAsync(happened, row, pictures is [var picture, ..] ? picture : [], settings, arrivedAt);
        return true;
    }

    private async Task DecideAsync(IsapiEvent question, DeviceEventRow row, byte[] picture, RemoteCheckSettings settings, DateTimeOffset arrivedAt)
    {
        // The nonce is fetched while the decision is made: one round trip less for somebody who waits.
        var prepared = _client.PrepareAsync(CancellationToken.None);
        try
        {
            var answer = await _services.QuestionsOf(_device).DecideAsync(question, row, picture, settings, arrivedAt);
            await prepared.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answer.IsDue)
                await AnswerAsync(question.Serial!.Value, answer, row, arrivedAt + settings.Timeout);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The disk's: nothing was opened. The log is read once more for what else may not have been stored.
            _gaps.Writer.TryWrite(true);
        }
        finally
        {
            // Not later than the client's own end.
            await prepared.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _questions.Release();
            EndAnswer();
        }
    }

    private async Task AnswerAsync(long serial, QuestionAnswer answer, DeviceEventRow decision, DateTimeOffset dueAt)
    {
        BeginAnswer();
        try
        {
            var left = dueAt - _services.Time.GetUtcNow();
            var fault = left <= TimeSpan.Zero
                ? "decided too late: the device had stopped waiting"
                : await PutAsync(IsapiCall.Json("PUT", "/ISAPI/AccessControl/remoteCheck?format=json", answer.ToJson(serial)) with { IsUrgent = true, Limit = left });
            if (fault is not null && answer.IsGranted)
                await _services.QuestionsOf(_device).NoteLateAsync(decision, fault);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The disk's: the decision is on it, that it came to nothing is not. The event that follows the question says so.
            _gaps.Writer.TryWrite(true);
        }
        finally
        {
            EndAnswer();
        }
    }

    /// <returns>Why the device did not take it; null where it did.</returns>
    private async Task<string?> PutAsync(IsapiCall call)
    {
        try
        {
            var status = (await _client.SendAsync(call, CancellationToken.None)).Judge();
            return status.IsOk ? null : $"the device did not take the decision: {status.Words}";
        }
        catch (IsapiException e)
        {
            return $"the decision did not reach the device: {e.Message}";
        }
        catch (ObjectDisposedException)
        {
            // A question that came by a post, just when this connection ended.
            return "the decision did not reach the device: the connection to it had just ended";
        }
    }

    private void BeginAnswer() => Interlocked.Increment(ref _answering);

    private void EndAnswer()
    {
        if (Interlocked.Decrement(ref _answering) == 0)
            Volatile.Read(ref _answersDone)?.TrySetResult();
    }

    /// <summary>Each has its own limit of a few seconds.</summary>
    private async Task AnswersAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Seen by whoever ends the last one before the count is looked at here: either of the two notices.
        Interlocked.Exchange(ref _answersDone, done);
        if (Volatile.Read(ref _answering) > 0)
            await done.Task;
    }

    private async Task StoreLiveAsync(IReadOnlyList<LiveEntry> entries)
    {
        var rows = entries.Select(entry => entry.Row).ToList();
        var duplicates = await _services.Journal.AppendAsync(rows);
        _counts.CountStored(rows.Count - duplicates, duplicates);
        var isMissing = false;
        foreach (var entry in entries)
        {
            if (entry.Serial is { } serial)
                isMissing |= _progress.Note(serial, entry.FrontSerial, entry.Row.OccurredAt, wasNew: entry.Row.Id != 0);
        }

        if (isMissing)
            _gaps.Writer.TryWrite(true);
        await _progress.WriteSometimesAsync(CancellationToken.None);
    }

    private async Task StoreReplayAsync(IReadOnlyList<DeviceEventRow> rows)
    {
        var duplicates = await _services.Quiet.AppendAsync(rows, CancellationToken.None);
        _counts.CountStored(rows.Count - duplicates, duplicates);
    }
}
