namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>Why a message was not kept.</summary>
internal enum MqttDrop
{
    /// <summary>It was.</summary>
    None,

    /// <summary>Its topic is none of the contract's, or none that its sender may publish to.</summary>
    WrongTopic,

    /// <summary>Of another tenant than this connection's.</summary>
    WrongTenant,

    /// <summary>Nothing in it: what a broker sends where somebody cleared a retained message.</summary>
    Empty,

    TooLarge,

    /// <summary>Not what the contract says.</summary>
    Malformed,

    /// <summary>Its device waits for a person's word, was refused, or may not come from here.</summary>
    NotApproved,

    /// <summary>More retained messages than are taken at once; the broker has them still.</summary>
    RetainedFlood,
}
