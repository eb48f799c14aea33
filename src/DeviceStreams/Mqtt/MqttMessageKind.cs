namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>The last level of a device's topics; docs/formats/mqtt.md.</summary>
internal enum MqttMessageKind
{
    /// <summary>It is there (or, as its last will, no longer), and what it is.</summary>
    Hello,

    /// <summary>A badge was seen at a reader.</summary>
    Seen,

    /// <summary>Anything else that happened.</summary>
    Event,

    /// <summary>Something was measured.</summary>
    Reading,

    /// <summary>How a command went.</summary>
    Result,
}
