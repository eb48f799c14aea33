namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>
/// The port for devices in the network, without TLS, since most terminals have none: it serves what devices ask for and nothing else. Its connections carry this mark, whatever address they came to.
/// </summary>
internal sealed class DevicePort
{
    public static readonly DevicePort Mark = new();

    private DevicePort()
    {
    }
}
