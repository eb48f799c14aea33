using System.Threading.Channels;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Commands;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>One connection's life: the stream first, so that nothing happens unseen; then the log since the last time; commands beside both. The first that breaks ends all.</summary>
internal sealed class IsapiSession : IDisposable
{
    // Live events come one a second at most; a burst of a fire drill fits.
    private const int LiveCapacity = 256;

    // Half a page of memory each; beyond it the device waits with reading out its log.
    private const int ReplayCapacity = 1_000;

    private const int LiveBatch = 64;

    // A device has one or two doors; more questions at once are a fault, and wait.
    private const int QuestionsAtOnce = 4;

    // Not marked as live or of the log: then it is live while its time is about now.
    private static readonly TimeSpan LiveAge = TimeSpan.FromMinutes(5);

    // Of the first reconnection's wait. The slot of the connection that has just died is free again after three seconds; another listener stays.
    private const int FirstBusyFactor = 3;
    private const int BusyFactor = 120;

    // A look into the log that fails while the stream is well: the device is busy with something else.
    private const int FailedFillFactor = 10;

    // A device without a stream gets one with an upgrade, if ever.
    private static readonly TimeSpan NoStreamWait = TimeSpan.FromDays(1);

    private readonly IsapiConnection _connection;
    private readonly IsapiClient _client;
    private readonly IsapiServices _services;
    private readonly LogProgress _progress;
    private readonly Device _device;
    private readonly IsapiCounts _counts;
    private readonly BackFill _backFill;
    private readonly IsapiCommands _commands;
    private readonly EventLane<LiveEntry> _live;
    private readonly EventLane<DeviceEventRow> _replay;
    private readonly SemaphoreSlim _questions = new(QuestionsAtOnce);
    private readonly Channel<bool> _gaps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _streamTried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _answersDone;
    private int _answering;

    public IsapiSession(IsapiConnection connection, IsapiClient client, DeviceInfo info, IsapiServices services, LogProgress progress)
    {
        (_connection, _client, _services, _progress, _device) = (connection, client, services, progress, connection.Device);
        _counts = services.CountsOf(_device);
        _backFill = new BackFill(_device, services, progress);
        _commands = new IsapiCommands(_device, client, info, services, progress, _backFill);
        _live = new EventLane<LiveEntry>(LiveCapacity, LiveBatch, StoreLiveAsync);
        _replay = new EventLane<DeviceEventRow>(ReplayCapacity, QuietWriter.BatchSize, StoreReplayAsync);
    }

    /// <returns>Why it ended, for an operator.</returns>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        _progress.BeginGap();
        await ReadRemoteCheckAsync(cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (live, replay) = (_live.RunAsync(), _replay.RunAsync());
        var stream = ListenAsync(ending.Token);
        Task[] loops = [stream, FillAsync(ending.Token), _commands.RunAsync(ending.Token), live, replay];
        var first = await Task.WhenAny(loops);
        await ending.CancelAsync();
        await Task.WhenAll(loops[..3]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await AnswersAsync();
        // What has come is stored, whatever ended the connection.
        _live.Complete();
        _replay.Complete();
        await Task.WhenAll(live, replay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        await Task.WhenAll(live, replay);
        return first == stream ? await stream : "ended";
    }

    /// <summary>Answers a question that came by a post, from a device that wants a request of its own for it.</summary>
    public void Answer(long serial, QuestionAnswer answer, DeviceEventRow decision, DateTimeOffset dueAt) => _ = AnswerAsync(serial, answer, decision, dueAt);

    public void Dispose()
    {
        _backFill.Dispose();
        _questions.Dispose();
    }

    private async Task ReadRemoteCheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await RemoteCheckSettings.ReadAsync(_client, cancellationToken) is { } settings)
                _services.RemoteChecks[_device.Id] = settings;
            else
                _services.RemoteChecks.TryRemove(_device.Id, out _);
        }
        catch (IsapiException e) when (!e.IsFinal)
        {
            // Not every firmware knows it, and some do not even say so: what was known stays.
        }
    }

    private async Task<string> ListenAsync(CancellationToken cancellationToken)
    {
        var isBusyAgain = false;
        while (true)
        {
            using var response = await _client.OpenAsync("/ISAPI/Event/notification/alertStream", cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                var reply = await _client.ReadAsync(response, cancellationToken);
                var status = reply.Judge();
                // With a ResponseStatus even 404 means: somebody listens there already, mostly our own connection that has just died.
                var isBusy = status.IsBusy || status.Is("deployExceedMax") || (reply.Status == 404 && status.Code != 0 && !status.IsNotSupported) || reply.Status is 503 or 429;
                if (!isBusy && reply.Status is not (404 or 501) && !status.IsNotSupported)
                    return $"the event stream was refused: {status.Words}";
                await StayAsync(isBusy ? "its one place for a listener is taken" : "it has no event stream", isBusy ? Times(isBusyAgain ? BusyFactor : FirstBusyFactor) : NoStreamWait, cancellationToken);
                isBusyAgain = isBusy;
                continue;
            }

            _connection.Say(IsapiPhase.Streaming, "");
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var reader = new AlertStreamReader(stream, IsapiClient.ContentTypeOf(response), _services.Options, _services.Time, _counts, AcceptAsync);
            _streamTried.TrySetResult();
            var why = await reader.RunAsync(cancellationToken);
            // Some firmware answers 200 with an empty document and closes: asking again at once would only be a loop.
            if (reader.IsEmptyDocument)
                await StayAsync("it has no event stream", NoStreamWait, cancellationToken);
            else
                return why;
        }
    }

    /// <summary>Without a stream for now; its log is read all the same.</summary>
    private async Task StayAsync(string words, TimeSpan wait, CancellationToken cancellationToken)
    {
        _connection.Say(IsapiPhase.LogOnly, $"{words}; its log is read every {_services.Options.BackFillEveryS} s", _services.Time.GetUtcNow() + wait);
        _streamTried.TrySetResult();
        await Task.Delay(wait, _services.Time, cancellationToken);
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        // The stream first: what happens between the two would be missing until the next look.
        await _streamTried.Task.WaitAsync(cancellationToken);
        while (true)
        {
            var wait = TimeSpan.FromSeconds(_services.Options.BackFillEveryS);
            try
            {
                await _backFill.RunAsync(_client, cancellationToken);
            }
            catch (IsapiException e) when (!e.IsFinal && Times(FailedFillFactor) < wait)
            {
                wait = Times(FailedFillFactor);
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_gaps.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(wait, _services.Time, over.Token));
            await over.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            _gaps.Reader.TryRead(out _);
        }
    }

    private async ValueTask AcceptAsync(IsapiEvent happened, IReadOnlyList<byte[]> pictures, CancellationToken cancellationToken)
    {
        var now = _services.Time.GetUtcNow();
        _device.Saw();
        var zone = DeviceTime.ZoneOf(_device.Row.TimeZone, _services.Devices.TimeZone);
        var isLive = IsLive(happened, zone, now);
        var row = EventMapper.ToRow(happened, _device, zone, isLive ? EventSource.Stream : EventSource.Replay, now);
        if (happened.Numbers is (var major, var sub) && EventCodeTable.Find(major, sub) is null)
            _counts.CountUnknownCode();
        if (pictures is [var picture, ..])
            row.Picture = await _services.Pictures.KeepAsync(_device.Tenant, _device.Id, row.DeduplicationKey, picture, CancellationToken.None);
        if (happened.IsQuestion && isLive && await TryAskAsync(happened, row, pictures, zone, now, cancellationToken))
            return;
        if (isLive)
        {
            // To the end, also while the connection ends: what has come is stored.
            await _live.AddAsync(new LiveEntry(row, happened.Serial, happened.FrontSerial), CancellationToken.None);
            return;
        }

        _counts.CountReplayed();
        await _replay.AddAsync(row, CancellationToken.None);
    }

    private bool IsLive(IsapiEvent happened, TimeZoneInfo zone, DateTimeOffset now) => happened.IsCurrent
        ?? (!(happened.Serial <= _progress.Cursor.Serial) && (!DeviceTime.TryParse(happened.Time, zone, out var time) || (now - time.Time).Duration() <= LiveAge));

    /// <returns>False where it is no question for us: then it is an event like others.</returns>
    private async ValueTask<bool> TryAskAsync(
        IsapiEvent happened, DeviceEventRow row, IReadOnlyList<byte[]> pictures, TimeZoneInfo zone, DateTimeOffset arrivedAt, CancellationToken cancellationToken)
    {
        var settings = _services.RemoteChecks.GetValueOrDefault(_device.Id, RemoteCheckSettings.OfStream);
        if (!_services.QuestionsOf(_device).IsAsked(happened, zone, settings))
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
        try
        {
            // The nonce is fetched while the decision is made: one round trip less for somebody who waits.
            var prepared = _client.PrepareAsync(CancellationToken.None);
            var answer = await _services.QuestionsOf(_device).DecideAsync(question, row, picture, settings, arrivedAt, CancellationToken.None);
            await prepared.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answer.IsDue)
                await AnswerAsync(question.Serial!.Value, answer, row, arrivedAt + settings.Timeout);
            await _live.AddAsync(new LiveEntry(row, question.Serial, question.FrontSerial), CancellationToken.None).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The disk's: nothing was opened. The lane meets the same disk, and ends the connection.
            _gaps.Writer.TryWrite(true);
        }
        finally
        {
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
            var fault = left <= TimeSpan.Zero ? "decided too late: the device had stopped waiting" : await PutAsync(IsapiCall.Json("PUT", "/ISAPI/AccessControl/remoteCheck?format=json", answer.ToJson(serial)) with { IsUrgent = true, Limit = left });
            if (fault is not null && answer.IsGranted)
                await _services.QuestionsOf(_device).NoteLateAsync(decision, fault);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody is told anything: the door stays as the device decides without us.
            _gaps.Writer.TryWrite(true);
        }
        finally
        {
            EndAnswer();
        }
    }

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
    }

    private TimeSpan Times(int factor) => TimeSpan.FromMilliseconds(_services.Options.ReconnectMs) * factor;

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
        Volatile.Write(ref _answersDone, done);
        if (Volatile.Read(ref _answering) > 0)
            await done.Task;
    }

    private async Task StoreLiveAsync(IReadOnlyList<LiveEntry> entries)
    {
        var rows = entries.Select(entry => entry.Row).Where(row => row.Id == 0).ToList();
        var duplicates = rows.Count == 0 ? 0 : await _services.Journal.AppendAsync(rows);
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
