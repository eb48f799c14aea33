using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Http;

/// <summary>How a simulated special device behaves.</summary>
/// <param name="Server">Where it asks: <c>http://127.0.0.1:5080</c>.</param>
/// <param name="EventsPerSecond">0.01 to 10,000; a frame each as well, where there are faces.</param>
public sealed record HttpDevicePlan(Uri Server, string Serial, string Key, double EventsPerSecond = 1)
{
    public string Tenant { get; init; } = "default";

    public string Model { get; init; } = "simulated device";

    /// <summary>Faces that it sends as frames; empty: it has no camera.</summary>
    public IReadOnlyList<SimulatedFace> Faces { get; init; } = [];

    /// <summary>After so many events it waits until all are acknowledged, and is done.</summary>
    public long EventLimit { get; init; } = long.MaxValue;

    public Misbehaviour Misbehaviour { get; init; }

    /// <summary>Of what it does at random.</summary>
    public int Seed { get; init; }
}
