using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>The site's MQTT broker, whose badges and sensors this server listens to. Section <c>Devices:Mqtt</c>.</summary>
public sealed class MqttOptions
{
    public const string Section = "Devices:Mqtt";

    /// <summary>Where the broker is: <c>mqtt://HOST:1883</c>, or <c>mqtts://HOST:8883</c> with TLS. Default empty: none.</summary>
    public string Server { get; set; } = "";

    /// <summary>Tenant of the devices on it: only <c>mediascore/TENANT/...</c> is listened to. Default empty: <c>Devices:Tenant</c>.</summary>
    [RegularExpression("^[a-z0-9-]{0,64}$")] public string Tenant { get; set; } = "";

    /// <summary>This server's name at the broker, which keeps messages under it while the server is away. Default empty: <c>mediascore-TENANT</c>. Two servers must not have the same one.</summary>
    [RegularExpression("^[A-Za-z0-9_.-]{0,64}$")] public string ClientId { get; set; } = "";

    /// <summary>User name at the broker. Default empty: none.</summary>
    [MaxLength(256)] public string UserName { get; set; } = "";

    /// <summary>Password to <c>Devices:Mqtt:UserName</c>. Default empty.</summary>
    [MaxLength(256)] public string Password { get; set; } = "";

    /// <summary>Certificates (PEM) of those who may have signed the broker's. Default empty: the machine's own.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Client certificate (PEM) to show to the broker. Default empty: none.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>Its private key (PEM). Default empty: it is in the same file.</summary>
    public string CertificateKeyFile { get; set; } = "";

    /// <summary>Version of MQTT: <c>5</c> or <c>3.1.1</c>. Default <c>5</c>.</summary>
    // 5 has limits and reasons; 3.1.1 is for brokers that know no other.
    [RegularExpression(@"^(5|3\.1\.1)$")] public string Version { get; set; } = "5";

    /// <summary>Seconds of silence after which either side asks whether the other is there. Default 30.</summary>
    // A network that forgets idle connections does so after a minute at the earliest.
    [Range(5, 3_600)] public int KeepAliveS { get; set; } = 30;

    /// <summary>Hours for which the broker keeps what comes while this server is away. Default 168.</summary>
    // A week: a long weekend and the journey to the machine.
    [Range(1, 8_760)] public int SessionHours { get; set; } = 168;

    /// <summary>Largest payload of a message, bytes. Default 16384.</summary>
    // Sixteen readings with the longest names and details are 6 KB.
    [Range(1_024, 1_048_576)] public int MaxPayloadBytes { get; set; } = 16_384;

    /// <summary>Messages that the broker may send before the first of them is stored. Default 256.</summary>
    // As many share a transaction, some ten milliseconds: 10,000 a second and more where the disk can.
    [Range(1, 10_000)] public int InFlight { get; set; } = 256;

    /// <summary>Retained messages that wait at most; more are dropped, and the broker has them still. Default 10000.</summary>
    // One or two a device; what is above is a broker full of old things.
    [Range(0, 1_000_000)] public int MaxRetained { get; set; } = 10_000;

    /// <summary>What waiting retained messages may hold in memory, KiB. Default 16384.</summary>
    [Range(64, 1_048_576)] public int MaxRetainedKiB { get; set; } = 16_384;

    /// <summary>Retained messages that are stored a second, while nothing live waits. Default 200.</summary>
    // They are old already, and come all at once.
    [Range(1, 100_000)] public int RetainedPerSecond { get; set; } = 200;

    /// <summary>Longest wait between two tries to reach the broker, seconds. Default 60.</summary>
    [Range(1, 3_600)] public int MaxBackOffS { get; set; } = 60;
}
