namespace MediaScore.DeviceStreams.Isapi;

/// <summary>How far the server is with one device that it calls.</summary>
public enum IsapiPhase
{
    Connecting,

    /// <summary>Its events come as they happen.</summary>
    Streaming,

    /// <summary>It has no stream for us: its log is read now and then.</summary>
    LogOnly,

    /// <summary>It cannot be reached, and is tried again.</summary>
    Waiting,

    /// <summary>Nothing is tried until a person has changed something.</summary>
    Stopped,
}
