namespace MediaScore.DeviceStreams.Simulation;

/// <summary>One protocol that can be simulated.</summary>
/// <param name="Name">As people write it: <c>grpc</c>.</param>
/// <param name="What">What is simulated, for a list.</param>
/// <param name="DefaultServer">Where a server on this machine takes it.</param>
/// <param name="NeedsFaces">It cannot run without pictures.</param>
/// <param name="Create">Makes one device.</param>
public sealed record SimulatorEntry(string Name, string What, Uri DefaultServer, bool NeedsFaces, Func<SimulatedDevice, IDeviceSimulator> Create)
{
    /// <summary>What is wrong with an order for this protocol alone, as a person reads it; null: nothing.</summary>
    public Func<SimulationOrder, string?> FaultOf { get; init; } = _ => null;
}

/// <summary>One device of an order.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Decided">Told every decision that it hears of.</param>
public sealed record SimulatedDevice(SimulationOrder Order, int Number, TimeProvider Time, Action<SimulatedDecision> Decided)
{
    public string Serial => Order.SerialOf(Number);

    public string Key => SimulationOrder.KeyOf(Serial);

    /// <summary>The same in every run of the same order.</summary>
    // A large prime keeps the devices of two orders apart.
    public int Seed => unchecked((Order.Seed * 486_187_739) + Number);
}
