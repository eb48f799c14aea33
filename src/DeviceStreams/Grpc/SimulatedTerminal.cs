using System.Collections.Concurrent;
using System.Net.Security;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>A face terminal that speaks the device stream: people step in front of it one after another, and it sends their faces at a steady rate, whatever the server does.</summary>
public sealed class SimulatedTerminal : IDeviceSimulator, IDisposable
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MostBackOff = TimeSpan.FromSeconds(10);

    private readonly TerminalPlan _plan;
    private readonly TimeProvider _time;
    private readonly Action<SimulatedDecision> _decided;
    private readonly Action<SimulatedFrame>? _framed;
    private readonly Random _random;

    // Frames of the last passes: what a decision's frame was of.
    private readonly ConcurrentDictionary<ulong, (string PersonNumber, DateTimeOffset DueAt, DateTimeOffset SentAt)> _frames = new();

    // Two loops write, and a call takes one message at a time.
    private readonly SemaphoreSlim _writing = new(1);
    private ulong _frameId;

    /// <param name="decided">Called for every decision, on the terminal's own loop.</param>
    /// <param name="framed">Called for every frame that was answered, on the same loop.</param>
    public SimulatedTerminal(TerminalPlan plan, TimeProvider time, Action<SimulatedDecision> decided, Action<SimulatedFrame>? framed = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Faces.Count == 0)
            throw new ArgumentException("A terminal without faces sees nobody.", nameof(plan));
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.FramesPerSecond, 0.1, nameof(plan));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.FramesPerSecond, 20, nameof(plan));
        (_plan, _time, _decided, _framed, _random) = (plan, time, decided, framed, new Random(plan.Seed));
    }

    public string Serial => _plan.Serial;

    public SimulationCounts Counts { get; } = new();

    public void Dispose() => _writing.Dispose();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(_plan.Server, new GrpcChannelOptions { HttpHandler = Handler(), DisposeHttpClient = true });
        var client = new DeviceService.DeviceServiceClient(channel);
        var backOff = new BackOff(TimeSpan.FromSeconds(1), MostBackOff, lasting: MostBackOff);
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            try
            {
                await LiveAsync(client, cancellationToken);
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
            {
                if (e is RpcException { StatusCode: StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.ResourceExhausted })
                    Counts.CountRefused();
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            Counts.CountReconnect();
            if (!_plan.Misbehaviour.HasFlag(Misbehaviour.ReconnectStorms))
                await Task.Delay(backOff.Next(_time.GetElapsedTime(began), _random.NextDouble()), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        if (_plan.Certificate is { } certificate)
            handler.SslOptions.ClientCertificates = [certificate];
        // A server on this machine shows the certificate that it made itself. A simulated device has no secrets, and there is nobody in between.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || _plan.Server.IsLoopback;
        return handler;
    }

    private async Task LiveAsync(DeviceService.DeviceServiceClient client, CancellationToken cancellationToken)
    {
        // A storm ends each life after some seconds.
        using var storm = new CancellationTokenSource(_plan.Misbehaviour.HasFlag(Misbehaviour.ReconnectStorms) ? TimeSpan.FromSeconds(1 + (4 * _random.NextDouble())) : Timeout.InfiniteTimeSpan, _time);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, storm.Token);
        using var call = client.Connect(cancellationToken: life.Token);
        try
        {
            await WriteAsync(call.RequestStream, new DeviceMessage { Hello = Hello() }, life.Token);
            var reading = ReadAsync(call, life.Token);
            try
            {
                await SendAsync(call.RequestStream, reading, life.Token);
            }
            catch (InvalidOperationException)
            {
                // The call was over before this message; how it ended, the reader hears.
            }

            await reading;
        }
        catch (Exception e) when (life.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // Its own doing.
        }
    }

    private Hello Hello() => new()
    {
        Tenant = _plan.Tenant,
        Serial = _plan.Serial,
        Model = _plan.Model,
        Firmware = "simulated",
        Key = _plan.Certificate is null ? _plan.Key : "",
        Clock = Timestamp.FromDateTimeOffset(Clock()),
    };

    private DateTimeOffset Clock() => _plan.Misbehaviour.HasFlag(Misbehaviour.WrongClock) ? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) : _time.GetUtcNow();

    /// <summary>Frames at their due times; a heartbeat now and then.</summary>
    private async Task SendAsync(IClientStreamWriter<DeviceMessage> requests, Task reading, CancellationToken cancellationToken)
    {
        var period = TimeSpan.FromSeconds(1 / _plan.FramesPerSecond);
        // Not all terminals of a site at the same moment.
        var due = _time.GetUtcNow() + (period * _random.NextDouble());
        var heartbeat = _time.GetUtcNow() + HeartbeatPeriod;
        while (!reading.IsCompleted)
        {
            var face = _plan.Faces[_random.Next(_plan.Faces.Count)];
            for (var i = 0; i < _plan.FramesPerPass && !reading.IsCompleted; i++, due += period)
            {
                await UntilAsync(due, cancellationToken);
                await SendFrameAsync(requests, face, due, cancellationToken);
                if (_time.GetUtcNow() < heartbeat)
                    continue;
                heartbeat += HeartbeatPeriod;
                await WriteAsync(requests, new DeviceMessage { Heartbeat = new Heartbeat { Clock = Timestamp.FromDateTimeOffset(Clock()) } }, cancellationToken);
            }

            due += _plan.PauseBetweenPasses;
        }
    }

    private async Task SendFrameAsync(IClientStreamWriter<DeviceMessage> requests, SimulatedFace face, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var id = ++_frameId;
        _frames[id] = (face.PersonNumber, due, _time.GetUtcNow());
        _frames.TryRemove(id - Math.Min(id, 64), out _);
        var jpeg = _plan.Misbehaviour.HasFlag(Misbehaviour.CutBodies) && _random.Next(8) == 0 ? face.Jpeg[..(face.Jpeg.Length / 2)] : face.Jpeg;
        var frame = new FaceFrame { FrameId = id, Captured = Timestamp.FromDateTimeOffset(Clock()), Jpeg = UnsafeByteOperations.UnsafeWrap(jpeg) };
        await WriteAsync(requests, new DeviceMessage { Frame = frame }, cancellationToken);
        Counts.CountSent();
        if (_plan.Misbehaviour.HasFlag(Misbehaviour.Resends) && _random.Next(8) == 0)
        {
            await WriteAsync(requests, new DeviceMessage { Frame = frame }, cancellationToken);
            Counts.CountResent();
        }
    }

    private async Task WriteAsync(IClientStreamWriter<DeviceMessage> requests, DeviceMessage message, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await requests.WriteAsync(message, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task UntilAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (due - _time.GetUtcNow() is { Ticks: > 0 } wait)
            await Task.Delay(wait, _time, cancellationToken);
    }

    private async Task ReadAsync(AsyncDuplexStreamingCall<DeviceMessage, ServerMessage> call, CancellationToken cancellationToken)
    {
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            switch (message.MessageCase)
            {
                case ServerMessage.MessageOneofCase.FrameResult:
                    Counts.CountAnswered();
                    Tell(message.FrameResult);
                    break;
                case ServerMessage.MessageOneofCase.Decision:
                    Tell(message.Decision);
                    break;
                case ServerMessage.MessageOneofCase.Command:
                    await WriteAsync(
                        call.RequestStream, new DeviceMessage { CommandResult = new CommandResult { CommandId = message.Command.CommandId, Succeeded = true, Message = "simulated" } }, cancellationToken);
                    break;
                default:
                    break;
            }
        }
    }

    private void Tell(FrameResult result)
    {
        if (_framed is not null && _frames.TryGetValue(result.FrameId, out var frame))
            _framed(new SimulatedFrame(Serial, result.Verdict.ToString(), frame.DueAt, frame.SentAt, _time.GetUtcNow()));
    }

    private void Tell(AccessDecision decision)
    {
        var (expected, dueAt) = _frames.TryGetValue(decision.FrameId, out var frame) ? (frame.PersonNumber, frame.DueAt) : ("", (DateTimeOffset?)null);
        _decided(new SimulatedDecision(Serial, decision.Outcome.ToString(), expected, decision.PersonNumber, dueAt, _time.GetUtcNow()));
    }
}
