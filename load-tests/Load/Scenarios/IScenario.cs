using MediaScore.Load.Results;

namespace MediaScore.Load.Scenarios;

/// <summary>What happens in a run. The measured window lies where the scenario opens and closes it.</summary>
internal interface IScenario
{
    /// <summary>Brings the interviews up, opens the window, does what it does, closes it, and ends what runs.</summary>
    /// <returns>The scenario's own figures; null where it has none.</returns>
    Task<DriverRecovery?> RunAsync(LoadStage stage, MeasuredWindow window, CancellationToken cancellation);
}
