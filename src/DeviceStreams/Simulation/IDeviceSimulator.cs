namespace MediaScore.DeviceStreams.Simulation;

/// <summary>A device that is not there: speaks a protocol as a real one does, towards a server that cannot tell. One for each protocol.</summary>
public interface IDeviceSimulator
{
    string Serial { get; }

    SimulationCounts Counts { get; }

    /// <summary>Lives until cancelled; comes back whenever it was cut off.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
