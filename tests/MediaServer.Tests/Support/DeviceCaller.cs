using Google.Protobuf;
using Grpc.Core;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>A face terminal on its stream, told what to do by a test.</summary>
internal sealed class DeviceCaller : IDisposable
{
    // Far beyond what anything here takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AsyncDuplexStreamingCall<DeviceMessage, ServerMessage> _call;

    private DeviceCaller(AsyncDuplexStreamingCall<DeviceMessage, ServerMessage> call) => _call = call;

    public Welcome Welcome { get; private set; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Says hello and waits for the welcome.</summary>
    public static async Task<DeviceCaller> ConnectAsync(TestServer server, string serial, string key = "0123456789abcdef", string tenant = "")
    {
        var device = new DeviceCaller(new DeviceService.DeviceServiceClient(server.Channel).Connect(cancellationToken: Cancellation));
        await device._call.RequestStream.WriteAsync(new DeviceMessage { Hello = new Hello { Serial = serial, Key = key, Tenant = tenant, Model = "T-1", Firmware = "1.2" } }, Cancellation);
        device.Welcome = (await device.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome;
        return device;
    }

    public Task SendFrameAsync(ulong id, ReadOnlyMemory<byte> jpeg) =>
        _call.RequestStream.WriteAsync(new DeviceMessage { Frame = new FaceFrame { FrameId = id, Jpeg = ByteString.CopyFrom(jpeg.Span) } }, Cancellation);

    public Task SendResultAsync(ulong commandId, bool succeeded, string message) =>
        _call.RequestStream.WriteAsync(new DeviceMessage { CommandResult = new CommandResult { CommandId = commandId, Succeeded = succeeded, Message = message } }, Cancellation);

    public Task SendHeartbeatAsync(uint queued) => _call.RequestStream.WriteAsync(new DeviceMessage { Heartbeat = new Heartbeat { Queued = queued } }, Cancellation);

    /// <summary>The next message of this kind; others are passed over.</summary>
    public async Task<ServerMessage> UntilAsync(ServerMessage.MessageOneofCase kind)
    {
        while (await _call.ResponseStream.MoveNext(Cancellation).WaitAsync(Patience, TimeProvider.System, Cancellation))
        {
            if (_call.ResponseStream.Current.MessageCase == kind)
                return _call.ResponseStream.Current;
        }

        throw new InvalidOperationException($"The stream ended without {kind}.");
    }

    public void Dispose() => _call.Dispose();
}
