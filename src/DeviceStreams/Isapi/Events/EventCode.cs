namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>What a pair of numbers means.</summary>
internal enum EventMeaning
{
    /// <summary>Of a number that nobody has explained: kept as it is.</summary>
    Unknown,

    /// <summary>Somebody was let in.</summary>
    Granted,

    /// <summary>Somebody who is known was not.</summary>
    Denied,

    /// <summary>Nobody was recognised.</summary>
    NotRecognised,

    /// <summary>What was shown was not a living face.</summary>
    Spoof,

    /// <summary>The second factor did not come in time.</summary>
    TimedOut,

    /// <summary>The device wants somebody else to decide.</summary>
    Question,

    /// <summary>A door, a lock or a button moved.</summary>
    Door,
    Alarm,

    /// <summary>The device about itself.</summary>
    Device,

    /// <summary>A life sign; not stored.</summary>
    Heartbeat,
}

/// <param name="Method">What somebody proved themselves with, several joined by "+"; empty where it says nothing.</param>
/// <param name="Words">For an operator.</param>
internal sealed record EventCode(EventMeaning Meaning, string Method, string Words);
