using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>How a simulated ZKTeco terminal behaves.</summary>
/// <param name="Server">Scheme, host and port; the paths are the protocol's.</param>
public sealed record ZkTerminalPlan(Uri Server, string Serial, ZkDialect Dialect)
{
    /// <summary>Who uses it; known to the terminal from the start.</summary>
    public IReadOnlyList<string> PersonNumbers { get; init; } = ["4711", "4712", "4713"];

    /// <summary>What its camera sees: the photo of each event, and what is enrolled. Empty: no photos.</summary>
    public IReadOnlyList<SimulatedFace> Faces { get; init; } = [];

    /// <summary>Events that happen by themselves while it runs; 0: only those that <c>Punch</c> makes.</summary>
    public double EventsPerSecond { get; init; } = 0.1;

    /// <summary>Lines in one body.</summary>
    public int LinesAtOnce { get; init; } = 100;

    /// <summary>Whatever the server says, it waits no longer than this, for a poll or after a fault.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    public Misbehaviour Misbehaviour { get; init; }

    /// <summary>Of what it does at random.</summary>
    public int Seed { get; init; }
}
