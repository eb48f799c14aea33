namespace MediaScore.DeviceStreams.Simulation;

/// <summary>What simulated devices do wrong, as real ones do.</summary>
[Flags]
public enum Misbehaviour
{
    None = 0,

    /// <summary>Sends again what was acknowledged already.</summary>
    Resends = 1,

    /// <summary>Its clock stands in another year.</summary>
    WrongClock = 2,

    /// <summary>Bodies and messages that end in the middle, or hold noise.</summary>
    CutBodies = 4,

    /// <summary>Drops its connection without a word, and comes back at once, together with the others.</summary>
    ReconnectStorms = 8,
}
