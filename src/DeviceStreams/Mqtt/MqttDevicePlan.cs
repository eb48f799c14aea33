using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>How a simulated badge reader or sensor behaves.</summary>
/// <param name="Server">The broker: <c>mqtt://127.0.0.1:1883</c>.</param>
/// <param name="EventsPerSecond">0.01 to 10,000.</param>
public sealed record MqttDevicePlan(Uri Server, string Serial, string Key, double EventsPerSecond = 1)
{
    public string Tenant { get; init; } = "default";

    public string Model { get; init; } = "simulated reader";

    /// <summary>It measures the temperature; otherwise it sees badges.</summary>
    public bool IsSensor { get; init; }

    /// <summary>After so many events it waits until all are acknowledged, and is done.</summary>
    public long EventLimit { get; init; } = long.MaxValue;

    public Misbehaviour Misbehaviour { get; init; }

    /// <summary>Of what it does at random.</summary>
    public int Seed { get; init; }
}
