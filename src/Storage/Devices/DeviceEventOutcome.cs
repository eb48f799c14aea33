namespace MediaScore.Storage.Devices;

/// <summary>How it ended; the names are stored.</summary>
public enum DeviceEventOutcome
{
    /// <summary>Nothing was decided: a door moved, a sensor measured.</summary>
    None,

    Granted,

    Denied,

    NotRecognised,

    Spoof,

    TimedOut,

    /// <summary>What is needed to decide was missing; <see cref="DeviceEventRow.Reason"/> says what.</summary>
    NotAssessed,
}
