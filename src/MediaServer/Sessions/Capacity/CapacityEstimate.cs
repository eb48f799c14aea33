namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>How many interviews this machine can hold, as far as the last ten seconds tell.</summary>
/// <param name="Interviews">Those that it holds, and those that still fit; below the present number where it holds too many.</param>
/// <param name="CostSeconds">CPU seconds that one interview costs a second.</param>
/// <param name="CpuLoad">Share of the CPU that this process can have; above 1 where others took of it.</param>
/// <param name="PoolLoad">Share of the pool's workers.</param>
/// <param name="LiveWait">Mean wait of live sound for the pool.</param>
/// <param name="SampledDropShare">Share of the sampled pictures that were dropped.</param>
/// <param name="FlushRound">Mean time to make all logs durable once.</param>
/// <param name="Reason">Why there are no more.</param>
/// <param name="Message">The same with its figure and the limit.</param>
internal sealed record CapacityEstimate(
    double Interviews, double CostSeconds, double CpuLoad, double PoolLoad, TimeSpan LiveWait, double SampledDropShare, TimeSpan FlushRound, RefusalReason Reason, string Message);
