namespace MediaScore.Load.Server;

/// <summary>All that is read of the server at one moment.</summary>
/// <param name="Timestamp">Of the sampler's clock.</param>
/// <param name="OwnCpuSeconds">Of this process, the driver.</param>
internal sealed record UsageSample(long Timestamp, ProcessReading Process, MachineReading Machine, double OwnCpuSeconds, MetricsSnapshot Metrics);
