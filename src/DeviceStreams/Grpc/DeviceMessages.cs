using Google.Protobuf;
using Grpc.Core;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>What terminals send, read so that whoever made one hears what is wrong with a message that cannot be read: sent again it would fail again.</summary>
internal static class DeviceMessages
{
    /// <exception cref="RpcException">As the reader has it; where the message is too large or malformed, with the reason.</exception>
    public static async Task<bool> MoveNextAsync(IAsyncStreamReader<DeviceMessage> requests, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.MoveNext(cancellationToken);
        }
        catch (RpcException fault) when (fault.StatusCode is StatusCode.ResourceExhausted)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "a message has at most 1 MiB: send a JPEG or a smaller picture"), fault.GetType().Name);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"this is no DeviceMessage: {fault.Message}"), fault.GetType().Name);
        }
    }
}
