using MediaScore.Load.Clients;

namespace MediaScore.Load.Scenarios;

/// <summary>So many interviews, all of them for the whole of the window.</summary>
internal sealed class SteadyScenario : IScenario
{
    // Ends are spread a little: a hundred at once would be a scenario of its own.
    private static readonly TimeSpan BetweenEnds = TimeSpan.FromMilliseconds(50);

    public async Task<WhatCaptionsTell?> RunAsync(LoadStage stage, MeasuredWindow window, CancellationToken cancellation)
    {
        await BringUpAsync(stage, window, cancellation);
        await window.RunAsync(TimeSpan.FromSeconds(stage.Options.Seconds), cancellation);
        await EndAllAsync(stage, cancellation);
        return null;
    }

    /// <summary>Starts all over the ramp, and returns when the warm-up is over.</summary>
    public static async Task<IReadOnlyList<IInterview>> BringUpAsync(LoadStage stage, MeasuredWindow window, CancellationToken cancellation)
    {
        var began = stage.Time.GetTimestamp();
        var starts = stage.Starts(stage.Options.Interviews, stage.Options.Ramp);
        var interviews = await Task.WhenAll(starts.Select(async (at, number) =>
        {
            await stage.DelayAsync(at, cancellation);
            return await stage.StartAsync(number, stage.At(began, at), stage.Options.Longest, cancellation);
        }));
        await stage.DelayAsync(stage.Options.WarmUp - stage.Time.GetElapsedTime(began), cancellation);
        if (stage.Options.CompilerWait is { Ticks: > 0 } most)
            await window.WaitUntilCompiledAsync(most, cancellation);
        return [.. interviews.OfType<IInterview>()];
    }

    /// <summary>Ends all that run and waits for their reports.</summary>
    public static Task EndAllAsync(LoadStage stage, CancellationToken cancellation) => Task.WhenAll(stage.Running.Select(async (interview, place) =>
    {
        await stage.DelayAsync(BetweenEnds * place, cancellation);
        await stage.EndAsync(interview, cancellation);
    }));
}
