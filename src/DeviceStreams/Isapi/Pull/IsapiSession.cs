using System.Threading.Channels;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Commands;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>One connection's life: the stream first, so that nothing happens unseen; then the log since the last time; commands beside both. The first that breaks ends all.</summary>
internal sealed partial class IsapiSession : IDisposable
{
    // Live events come one a second at most; a burst of a fire drill fits.
    private const int LiveCapacity = 256;

    // Half a page of memory each; beyond it the device waits with reading out its log.
    private const int ReplayCapacity = 1_000;

    private const int LiveBatch = 64;

    // A device has one or two doors; more questions at once are a fault, and wait.
    private const int QuestionsAtOnce = 4;

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

    public IsapiSession(IsapiConnection connection, IsapiClient client, DeviceInfo info, IsapiServices services, LogProgress progress)
    {
        (_connection, _client, _services, _progress, _device) = (connection, client, services, progress, connection.Device);
        _counts = services.CountsOf(_device);
        var patient = new PatientClient(client, services.Time);
        _backFill = new BackFill(_device, services, progress, patient, () => connection.Status.Phase == IsapiPhase.Streaming);
        _commands = new IsapiCommands(_device, client, patient, info, services, progress, _backFill);
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
        _device.SpeaksEvery = TimeSpan.Zero;
        await AnswersAsync();
        // What has come is stored, whatever ended the connection.
        _live.Complete();
        _replay.Complete();
        await Task.WhenAll(live, replay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        await Task.WhenAll(live, replay);
        return first == stream ? await stream : "ended";
    }

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

            _device.SpeaksEvery = TimeSpan.Zero;
            _connection.Say(IsapiPhase.Streaming, "");
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var reader = new AlertStreamReader(stream, IsapiClient.ContentTypeOf(response), _services.Options, _services.Time, _counts, () => _device.Saw(), AcceptAsync);
            _streamTried.TrySetResult();
            var why = await reader.RunAsync(cancellationToken);
            // Some firmware answers 200 with an empty document and closes: asking again at once would only be a loop.
            if (!reader.IsEmptyDocument)
                return why;
            await StayAsync("it has no event stream", NoStreamWait, cancellationToken);
        }
    }

    /// <summary>Without a stream for now; its log is read all the same.</summary>
    private async Task StayAsync(string words, TimeSpan wait, CancellationToken cancellationToken)
    {
        // It speaks when its log is asked for, and in between it is there.
        _device.SpeaksEvery = TimeSpan.FromSeconds(_services.Options.BackFillEveryS);
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
                await _backFill.RunAsync(cancellationToken);
            }
            catch (IsapiException e) when (!e.IsFinal)
            {
                wait = Times(FailedFillFactor) < wait ? Times(FailedFillFactor) : wait;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_gaps.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(wait, _services.Time, over.Token));
            await over.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            _gaps.Reader.TryRead(out _);
        }
    }

    private TimeSpan Times(int factor) => TimeSpan.FromMilliseconds(_services.Options.ReconnectMs) * factor;
}
