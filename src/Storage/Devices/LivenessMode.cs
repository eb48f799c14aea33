namespace MediaScore.Storage.Devices;

/// <summary>What a door makes of the liveness check; the names are stored. A single picture tells a print from a face with errors on both sides (docs/operations/devices.md).</summary>
public enum LivenessMode
{
    /// <summary>The model is not run.</summary>
    Off,

    /// <summary>Run and written down; the door does not depend on it.</summary>
    Report,

    /// <summary>No door opens for what looks like a spoof, or could not be checked.</summary>
    Require,
}
