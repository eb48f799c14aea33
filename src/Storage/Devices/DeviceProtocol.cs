namespace MediaScore.Storage.Devices;

/// <summary>What a device speaks; the names are stored.</summary>
public enum DeviceProtocol
{
    /// <summary>MediaScore's own stream (protos/mediascore/device/v1).</summary>
    Grpc,

    /// <summary>ZKTeco PUSH, attendance dialect (2.x).</summary>
    ZkAttendance,

    /// <summary>ZKTeco PUSH, security dialect (3.x).</summary>
    ZkAccess,

    /// <summary>Hikvision ISAPI.</summary>
    Isapi,

    Mqtt,

    /// <summary>The device API over HTTP.</summary>
    Http,
}
