using System.Net;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Mqtt.Broker;

/// <summary>A device that is connected to our broker.</summary>
/// <param name="At">Address and port: which of its connections.</param>
/// <param name="Budget">What it may send.</param>
internal sealed record BrokerSeat(Device Device, EndPoint? At, TokenBucket Budget)
{
    public IPAddress? From => (At as IPEndPoint)?.Address;
}
