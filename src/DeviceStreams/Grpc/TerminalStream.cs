using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaScore.Codecs.Video;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Device = MediaScore.DeviceStreams.Registry.Device;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>
/// One terminal's stream: reads what it sends, looks at its frames one after another, stores its log, tells it decisions and commands. Frames that come faster than they
/// are looked at are answered BUSY, the oldest first: what a door needs is the newest.
/// </summary>
internal sealed class TerminalStream : IDisposable
{
    // The disk is full, or the database is away.
    private const string BrokenDown = "the server could not go on with this stream: connect again in a few seconds";

    // Two heartbeats of a terminal that sends one in 30 s.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    // Decides passes whose terminal sends no more frames, and looks for commands that were sent and not answered.
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan CommandPeriod = TimeSpan.FromSeconds(20);

    // One is looked at, one waits.
    private const int WaitingFrames = 1;

    // Answers to frames that were dropped, and commands; a terminal that reads nothing for so long is gone.
    private const int WaitingAnswers = 256;

    // Of a terminal that ends its stream: what it is still to hear, if it reads.
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);

    private readonly TerminalServices _services;
    private readonly TerminalStreams _streams;
    private readonly CancellationTokenSource _ending;
    private readonly Channel<(FaceFrame Frame, DateTimeOffset ArrivedAt)> _frames;
    private readonly Channel<ServerMessage> _answers;
    private readonly TerminalLog _log;
    private readonly TerminalCommands _commands;
    private readonly Access.FaceGate _gate;

    // The gate takes one thing at a time: a frame, or a look at the clock.
    private readonly SemaphoreSlim _gateTurn = new(1);

    // Why the server ends the stream; the first reason counts. Null: the terminal went, or the server stops.
    private RpcException? _end;

    public TerminalStream(Device device, TerminalServices services, TerminalStreams streams, CancellationToken ended, CancellationToken stopping)
    {
        (Device, _services, _streams) = (device, services, streams);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(ended, stopping);
        Stopping = stopping;
        _answers = Channel.CreateBounded<ServerMessage>(new BoundedChannelOptions(WaitingAnswers) { SingleReader = true });
        _frames = Channel.CreateBounded<(FaceFrame Frame, DateTimeOffset ArrivedAt)>(
            new BoundedChannelOptions(WaitingFrames) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => TryAnswer(Result(dropped.Frame.FrameId, Protocol.Device.V1.FrameVerdict.Busy, "more frames than are looked at: send fewer")));
        _log = new TerminalLog(device, services.Journal, services.Registry);
        _gate = new Access.FaceGate(device, services.Faces, services.Gallery, services.Policy, services.Journal, services.Options, services.Time);
        _commands = new TerminalCommands(device, services, TryAnswer);
    }

    public Device Device { get; }

    private CancellationToken Stopping { get; }

    private bool IsApproved => Device.Row.State == DeviceState.Approved;

    /// <summary>A newer stream of the same terminal has come.</summary>
    public void TakeOver() => End(StatusCode.Aborted, "another stream of this terminal has taken over");

    /// <summary>Until the terminal goes, another stream takes over, or the server stops.</summary>
    public async Task RunAsync(IAsyncStreamReader<DeviceMessage> requests, IServerStreamWriter<ServerMessage> responses)
    {
        TryAnswer(new ServerMessage { Welcome = Welcome() });
        _services.Registry.Changed += OnChanged;
        using var bell = _commands.Listen();
        var sending = GuardAsync(SendAsync(responses));
        var looking = GuardAsync(LookAsync());
        var ticking = GuardAsync(TickAsync());
        try
        {
            await ReadAsync(requests);
        }
        catch (OperationCanceledException) when (_end is { } end)
        {
            throw new RpcException(end.Status);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the server stops: connect again in a few seconds"));
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or RpcException or OutOfMemoryException))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, BrokenDown, fault));
        }
        finally
        {
            _services.Registry.Changed -= OnChanged;
            _frames.Writer.TryComplete();
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _answers.Writer.TryComplete();
            // A terminal that said its last word still hears what became of it.
            await sending.WaitAsync(FarewellLimit, _services.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _ending.CancelAsync();
            await ticking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _streams.Closed(this);
        _commands.Dispose();
        _gateTurn.Dispose();
        _ending.Dispose();
    }

    private void End(StatusCode code, string reason, Exception? fault = null)
    {
        Interlocked.CompareExchange(ref _end, new RpcException(new Status(code, reason, fault)), null);
        try
        {
            _ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    /// <summary>A loop that breaks down ends the stream: a terminal that comes back does better than one that is never answered again.</summary>
    private async Task GuardAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The stream ends.
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            End(StatusCode.Unavailable, BrokenDown, fault);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<DeviceMessage> requests)
    {
        while (await MoveNextAsync(requests))
        {
            var message = requests.Current;
            Device.Saw();
            switch (message.MessageCase)
            {
                case DeviceMessage.MessageOneofCase.Frame when IsApproved:
                    _frames.Writer.TryWrite((message.Frame, _services.Time.GetUtcNow()));
                    break;
                case DeviceMessage.MessageOneofCase.Frame:
                    TryAnswer(Result(message.Frame.FrameId, Protocol.Device.V1.FrameVerdict.NotApproved, "a person has to approve this terminal first"));
                    break;
                case DeviceMessage.MessageOneofCase.Heartbeat:
                    Device.Saw((int)Math.Min(message.Heartbeat.Queued, int.MaxValue));
                    TryAnswer(new ServerMessage { HeartbeatAnswer = new HeartbeatAnswer { Clock = Now() } });
                    break;
                case DeviceMessage.MessageOneofCase.CommandResult:
                    await _commands.EndAsync(message.CommandResult, _ending.Token);
                    break;
                case DeviceMessage.MessageOneofCase.Log when IsApproved:
                    TryAnswer(new ServerMessage { LogAcknowledgement = new LogAcknowledgement { StoredRecordId = await _log.StoreAsync(message.Log, _ending.Token) } });
                    break;
                case DeviceMessage.MessageOneofCase.Log:
                    // Kept in the terminal until somebody approves it.
                    break;
                default:
                    throw new RpcException(new Status(StatusCode.InvalidArgument, $"{message.MessageCase} cannot come here: hello is said once, and every message has content"));
            }
        }
    }

    private async Task<bool> MoveNextAsync(IAsyncStreamReader<DeviceMessage> requests)
    {
        using var idle = new CancellationTokenSource(IdleLimit, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, idle.Token);
        try
        {
            return await DeviceMessages.MoveNextAsync(requests, either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            _ending.Token.ThrowIfCancellationRequested();
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"nothing came for {IdleLimit.TotalSeconds:0} s; send heartbeats"), e.GetType().Name);
        }
    }

    private async Task LookAsync()
    {
        using var decoder = new VideoKeyFrameDecoder();
        await foreach (var (frame, arrivedAt) in _frames.Reader.ReadAllAsync(_ending.Token))
        {
            using var picture = FramePicture.TryOpen(frame, decoder, out var fault);
            if (picture is null)
            {
                TryAnswer(Result(frame.FrameId, Protocol.Device.V1.FrameVerdict.Unreadable, fault));
                continue;
            }

            if (await _commands.TryEnrolAsync(picture.Picture, frame.FrameId, _ending.Token) is { } enrolled)
            {
                TryAnswer(enrolled);
                continue;
            }

            var deadline = TimeSpan.FromMilliseconds(frame.DeadlineMs == 0 ? _services.Options.DecisionDeadlineMs : Math.Clamp(frame.DeadlineMs, 50, 10_000));
            await _gateTurn.WaitAsync(_ending.Token);
            try
            {
                var finding = await _gate.LookAsync(new Access.FaceFrame(frame.FrameId, picture.Picture, arrivedAt, deadline), _ending.Token);
                TryAnswer(DeviceWire.ToWire(frame.FrameId, finding));
                if (finding.EarlierDecision is { } earlier)
                    TryAnswer(DeviceWire.ToWire(earlier, _services.Options));
                if (finding.Decision is { } decision)
                    TryAnswer(DeviceWire.ToWire(decision, _services.Options));
            }
            finally
            {
                _gateTurn.Release();
            }
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickPeriod, _services.Time);
        var commandsAt = _services.Time.GetUtcNow();
        while (await timer.WaitForNextTickAsync(_ending.Token))
        {
            await ClosePassAsync();
            if (_services.Time.GetUtcNow() >= commandsAt)
            {
                commandsAt = _services.Time.GetUtcNow() + CommandPeriod;
                await _commands.SendAsync(_ending.Token);
            }
        }
    }

    private async Task ClosePassAsync()
    {
        // A frame that is being looked at closes it as well.
        if (!await _gateTurn.WaitAsync(0, _ending.Token))
            return;
        try
        {
            if (await _gate.CloseAsync(_ending.Token) is { } decision)
                TryAnswer(DeviceWire.ToWire(decision, _services.Options));
        }
        finally
        {
            _gateTurn.Release();
        }
    }

    private async Task SendAsync(IServerStreamWriter<ServerMessage> responses)
    {
        await foreach (var message in _answers.Reader.ReadAllAsync(CancellationToken.None))
            await responses.WriteAsync(message, _ending.Token);
    }

    private void OnChanged(Device device)
    {
        if (device.Id != Device.Id)
            return;
        if (device.Row.State == DeviceState.Refused)
            End(StatusCode.PermissionDenied, "a person refused this terminal");
        else
            TryAnswer(new ServerMessage { Welcome = Welcome() });
    }

    private void TryAnswer(ServerMessage message)
    {
        // A terminal that sends and never reads has had its chance.
        if (!_answers.Writer.TryWrite(message))
            End(StatusCode.ResourceExhausted, $"{WaitingAnswers} answers wait to be read: read what the server sends");
    }

    private Welcome Welcome() => new()
    {
        DeviceId = Device.Id,
        Approved = IsApproved,
        Settings = DeviceWire.SettingsOf(Device, _services.Options),
        StoredRecordId = TerminalLog.StoredOf(Device),
        Clock = Now(),
    };

    private Timestamp Now() => Timestamp.FromDateTimeOffset(_services.Time.GetUtcNow());

    private static ServerMessage Result(ulong frameId, Protocol.Device.V1.FrameVerdict verdict, string reason) =>
        new() { FrameResult = new FrameResult { FrameId = frameId, Verdict = verdict, Reason = reason } };
}
