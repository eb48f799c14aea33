using Google.Protobuf;
using Grpc.Core;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.MediaServer.Tests.Ingress.Devices;

/// <summary>Messages of the device stream that cannot be read, over gRPC as it is: whoever makes a terminal is told what is wrong, and not to send the same again.</summary>
public sealed class TerminalMessageTests(DeviceServer shared) : IClassFixture<DeviceServer>
{
    // Field 1, length-delimited, of more bytes than there are.
    private static readonly byte[] Malformed = [0x0A, 0x7F, 0x00];

    // A picture as it comes from a sensor, 1 MiB of it.
    private static readonly byte[] Large = new DeviceMessage { Frame = new FaceFrame { FrameId = 1, Jpeg = ByteString.CopyFrom(new byte[1 << 20]) } }.ToByteArray();

    private static readonly Marshaller<byte[]> AsItIs = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], byte[]> Connect = new(MethodType.DuplexStreaming, DeviceService.Descriptor.FullName, "Connect", AsItIs, AsItIs);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_malformed_message_is_called_so(bool isFirst)
    {
        var status = await SendAsync(isFirst, Malformed);

        status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        status.Detail.ShouldContain("DeviceMessage");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_is_too_large_is_told_the_limit(bool isFirst)
    {
        var status = await SendAsync(isFirst, Large);

        status.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        status.Detail.ShouldContain("1 MiB");
    }

    /// <param name="isFirst">Instead of hello; else behind it.</param>
    private async Task<Status> SendAsync(bool isFirst, byte[] message)
    {
        using var call = shared.Server.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(Connect, host: null, new CallOptions(cancellationToken: Cancellation));
        if (!isFirst)
        {
            await call.RequestStream.WriteAsync(new DeviceMessage { Hello = new Hello { Serial = "UNREADABLE", Key = "0123456789abcdef" } }.ToByteArray(), Cancellation);
            (await call.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        }

        try
        {
            await call.RequestStream.WriteAsync(message, Cancellation);
        }
        catch (RpcException)
        {
            // The answer may overtake the end of a large message; what the terminal is told is read below.
        }

        var fault = await Should.ThrowAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(Cancellation))
            {
                // What it is told besides.
            }
        });
        return fault.Status;
    }
}
