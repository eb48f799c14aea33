using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>A broker in this server, for sites that have none. Section <c>Devices:MqttBroker</c>.</summary>
public sealed class MqttBrokerOptions
{
    public const string Section = "Devices:MqttBroker";

    /// <summary>Whether there is one. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>IP address that it listens on. Default <c>127.0.0.1</c>: nothing listens to a network before it is told to.</summary>
    [Required] public string Address { get; set; } = "127.0.0.1";

    /// <summary>Its port; 0 takes a free one. Default 1883.</summary>
    [Range(0, 65_535)] public int Port { get; set; } = 1_883;

    /// <summary>Certificate (PEM, its intermediates behind it): devices then connect with TLS. Default empty: they do not.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>Its private key (PEM). Default empty: it is in the same file.</summary>
    public string CertificateKeyFile { get; set; } = "";

    /// <summary>Listen to a network without TLS: whoever is on it reads devices' keys. Default false.</summary>
    public bool AllowPlainText { get; set; }

    /// <summary>Connections at once. Default 500; more are closed at once.</summary>
    // A small site's devices several times over.
    [Range(1, 10_000)] public int MaxConnections { get; set; } = 500;

    /// <summary>Seconds in which a device has to say who it is. Default 10.</summary>
    [Range(1, 120)] public int ConnectLimitS { get; set; } = 10;

    /// <summary>Largest payload of a message, bytes. Default 16384.</summary>
    // Sixteen readings with the longest names and details are 6 KB.
    [Range(1_024, 1_048_576)] public int MaxPayloadBytes { get; set; } = 16_384;

    /// <summary>Messages of one device a second, in the long run; it has to wait with more. Default 50.</summary>
    // A reader at a turnstile sees three people a second.
    [Range(1, 10_000)] public int MessagesPerSecond { get; set; } = 50;

    /// <summary>Messages of one device that are taken at once, without that wait. Default 500.</summary>
    // What a reader has kept over a short cut.
    [Range(1, 100_000)] public int MessageBurst { get; set; } = 500;
}
