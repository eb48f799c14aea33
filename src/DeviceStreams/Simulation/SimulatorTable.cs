using MediaScore.DeviceStreams.Grpc;

namespace MediaScore.DeviceStreams.Simulation;

/// <summary>Every protocol that can be simulated: a row each.</summary>
public static class SimulatorTable
{
    // Those who stand in front of a terminal for two seconds at two frames a second, and the two seconds until the next one.
    private const int FramesPerPass = 4;
    private static readonly TimeSpan PauseBetweenPasses = TimeSpan.FromSeconds(2.5);

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<SimulatorEntry> Entries { get; } =
    [
        new("grpc", "face terminals on MediaScore's own device stream", new Uri("http://127.0.0.1:5081"), NeedsFaces: true, Terminal),
    ];

    /// <summary>Null where this build has no such simulator.</summary>
    public static SimulatorEntry? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name);

    private static SimulatedTerminal Terminal(SimulatedDevice device)
    {
        var order = device.Order;
        return new SimulatedTerminal(
            new TerminalPlan(order.Server, device.Serial, device.Key, order.Faces, order.RatePerSecond, FramesPerPass, PauseBetweenPasses)
            {
                Tenant = order.Tenant,
                Misbehaviour = order.Misbehaviour,
                Seed = device.Seed,
            },
            device.Time,
            device.Decided);
    }
}
