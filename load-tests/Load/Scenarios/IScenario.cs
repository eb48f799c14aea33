using MediaScore.Load.Measuring;
using MediaScore.Load.Results;

namespace MediaScore.Load.Scenarios;

/// <summary>A scenario's own figures, once all captions are known: those that never came are among them, as <see cref="LatencySeries.Never"/>.</summary>
internal delegate DriverRecovery WhatCaptionsTell(IReadOnlyList<CaptionTime> captions);

/// <summary>What happens in a run. The measured window lies where the scenario opens and closes it.</summary>
internal interface IScenario
{
    /// <summary>Brings the interviews up, opens the window, does what it does, closes it, and ends what runs.</summary>
    /// <returns>The scenario's own figures; null where it has none.</returns>
    Task<WhatCaptionsTell?> RunAsync(LoadStage stage, MeasuredWindow window, CancellationToken cancellation);
}
