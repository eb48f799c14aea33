namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>What one request of a simulated terminal came to.</summary>
public enum ZkTurn
{
    /// <summary>The answer was right, and there is more to do.</summary>
    Worked,

    /// <summary>It has asked for commands, and there were none.</summary>
    Idle,

    /// <summary>No answer, or a wrong one: the same request comes again.</summary>
    Failed,
}
