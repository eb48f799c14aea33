namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>A command in its wire form: one step, or several that are told one after another, each when the one before is done.</summary>
/// <param name="OnlyOnce">Told once at most: a second door, a second restart would be another.</param>
/// <param name="ConsentOf">The person who must have agreed; null: nobody's face is in it.</param>
/// <param name="Fault">Why there is no wire form; null: there is.</param>
internal sealed record ZkCommand(IReadOnlyList<ZkCommandStep> Steps, bool OnlyOnce = false, string? ConsentOf = null, string? Fault = null)
{
    /// <summary>The terminal is asked to send its whole log again at its next handshake.</summary>
    public bool ResendsAll { get; init; }

    /// <summary>Sets the clock: the offset counts from its success.</summary>
    public bool SetsClock { get; init; }

    /// <summary>Restarts it: the last of a batch.</summary>
    public bool IsLast { get; init; }

    /// <summary>What it says is kept with the result; secrets are not among it.</summary>
    public bool KeepsContent { get; init; }

    public static ZkCommand Of(params string[] steps) => new([.. steps.Select(step => new ZkCommandStep(step))]);

    public static ZkCommand Impossible(string fault) => new([], Fault: fault);
}
