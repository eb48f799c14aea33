using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Tests.Gallery;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>A terminal's end of a stream to the real service, without a socket: what it sends arrives at once, and what it is told waits to be read.</summary>
internal sealed class TerminalCall : IAsyncStreamReader<DeviceMessage>, IServerStreamWriter<ServerMessage>, IDisposable
{
    // A wait that ends here has failed, and says what for; nothing is decided by it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Channel<DeviceMessage> _sent = Channel.CreateUnbounded<DeviceMessage>();
    private readonly Channel<ServerMessage> _told = Channel.CreateUnbounded<ServerMessage>();
    private readonly CancellationTokenSource _gone = new();
    private readonly bool _reads;

    /// <param name="reads">False: it never takes anything from the connection.</param>
    public TerminalCall(DeviceGrpcService service, string peer = "ipv4:127.0.0.1:40000", X509Certificate2? certificate = null, bool reads = true)
    {
        _reads = reads;
        Ended = RunAsync(service, new TerminalContext(peer, _gone.Token), certificate);
    }

    /// <summary>The server's side of the call.</summary>
    public Task Ended { get; }

    public DeviceMessage Current { get; private set; } = new();

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Something is there to be read.</summary>
    public bool HasNews => _told.Reader.Count > 0;

    public void Send(DeviceMessage message) => _sent.Writer.TryWrite(message).ShouldBeTrue();

    /// <summary>A frame of one shade: what the camera of the site sees in it, a test says.</summary>
    public void SendFrame(ulong id, int shade, uint deadlineMs = 0)
    {
        var picture = ScriptedFaces.Picture(shade);
        Send(new DeviceMessage
        {
            Frame = new FaceFrame
            {
                FrameId = id,
                DeadlineMs = deadlineMs,
                Raw = new RawPicture { Width = (uint)picture.Width, Height = (uint)picture.Height, Format = PixelFormat.Rgb24, Pixels = ByteString.CopyFrom(picture.Rgb24.Span) },
            },
        });
    }

    public void SendResult(ulong commandId, bool succeeded, int code, string message) =>
        Send(new DeviceMessage { CommandResult = new CommandResult { CommandId = commandId, Succeeded = succeeded, Code = code, Message = message } });

    /// <summary>All that was sent before is taken in, and all that a clock will wake is waiting for it.</summary>
    public async Task<HeartbeatAnswer> BeatAsync(uint queued = 0)
    {
        Send(new DeviceMessage { Heartbeat = new Heartbeat { Queued = queued } });
        return (await UntilAsync(ServerMessage.MessageOneofCase.HeartbeatAnswer)).HeartbeatAnswer;
    }

    /// <summary>The next message of this kind; others are passed over.</summary>
    public async Task<ServerMessage> UntilAsync(ServerMessage.MessageOneofCase kind)
    {
        while (true)
        {
            var message = await NextAsync(kind.ToString());
            if (message.MessageCase == kind)
                return message;
        }
    }

    /// <summary>The next message, whatever it is.</summary>
    public async Task<ServerMessage> NextAsync(string what = "a message")
    {
        try
        {
            return await _told.Reader.ReadAsync().AsTask().WaitAsync(Limit);
        }
        catch (ChannelClosedException closed)
        {
            await Ended;
            throw new InvalidOperationException($"The stream ended without {what}.", closed);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Waited in vain for {what}.", late);
        }
    }

    /// <summary>Says that nothing more comes.</summary>
    public void Complete() => _sent.Writer.TryComplete();

    /// <summary>The connection is gone.</summary>
    public void Cut() => _gone.Cancel();

    /// <summary>How the server ended the stream.</summary>
    public async Task<Status> StatusAsync()
    {
        try
        {
            await Ended.WaitAsync(Limit);
            return Status.DefaultSuccess;
        }
        catch (RpcException fault)
        {
            return fault.Status;
        }
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await _sent.Reader.WaitToReadAsync(cancellationToken))
            return false;
        Current = await _sent.Reader.ReadAsync(cancellationToken);
        return true;
    }

    public Task WriteAsync(ServerMessage message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(ServerMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_reads)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        // As it goes over the wire: what is said later changes nothing of it.
        await _told.Writer.WriteAsync(message.Clone(), cancellationToken);
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task RunAsync(DeviceGrpcService service, ServerCallContext context, X509Certificate2? certificate)
    {
        try
        {
            await service.ConnectAsync(this, this, context, certificate);
        }
        finally
        {
            _told.Writer.TryComplete();
        }
    }
}
