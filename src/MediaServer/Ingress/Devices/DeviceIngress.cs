using Grpc.Core;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.MediaServer.Ingress.Grpc;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>The device stream as this host serves it: a stop waits until terminals have been told.</summary>
internal sealed class DeviceIngress(DeviceGrpcService devices, StreamDrain drain) : DeviceService.DeviceServiceBase
{
    public override async Task Connect(IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<ServerMessage> responseStream, ServerCallContext context)
    {
        drain.Enter();
        try
        {
            await devices.ConnectAsync(requestStream, responseStream, context, context.GetHttpContext().Connection.ClientCertificate);
        }
        finally
        {
            drain.Leave();
        }
    }
}
