using System.Globalization;
using MediaScore.Load.Results;

namespace MediaScore.Load.Scenarios;

/// <summary>Candidates come and go for as long as the window is: so many at once on average, each for <see cref="LoadOptions.LifeSeconds"/> on average. What leaks, shows.</summary>
internal sealed class ChurnScenario : IScenario
{
    public async Task<WhatCaptionsTell?> RunAsync(LoadStage stage, MeasuredWindow window, CancellationToken cancellation)
    {
        var options = stage.Options;
        var life = TimeSpan.FromSeconds(options.LifeSeconds);
#pragma warning disable CA5394 // Nothing secret: a seed must give the same lives again.
        var random = new Random(options.Seed);
        TimeSpan Life() => life * (0.5 + random.NextDouble());
        var lives = new List<Task>();
        var began = stage.Time.GetTimestamp();
        var whole = options.Whole;

        // The first ones are already somewhere in their lives: as many end in the first minutes as in all others.
        var number = 0;
        foreach (var at in stage.Starts(options.Interviews, options.Ramp))
            lives.Add(LiveAsync(stage, number++, began, at, Life() * random.NextDouble(), whole, cancellation));

        // Then a Poisson process that holds their number.
        var perSecond = options.Interviews / life.TotalSeconds;
        for (var at = options.Ramp; (at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond)) < whole;)
            lives.Add(LiveAsync(stage, number++, began, at, Life(), whole, cancellation));
#pragma warning restore CA5394

        await stage.DelayAsync(options.WarmUp, cancellation);
        var from = stage.Time.GetTimestamp();
        await window.RunAsync(TimeSpan.FromSeconds(options.Seconds), cancellation);
        var to = stage.Time.GetTimestamp();
        await Task.WhenAll(lives);

        var third = (to - from) / 3;
        return captions => new DriverRecovery(
            string.Create(CultureInfo.InvariantCulture, $"{number} candidates came and went, {life.TotalSeconds:0} s each on average; the window's thirds"), CaptionPhase.Of(captions, from, from + third),
            CaptionPhase.Of(captions, from + third, to - third), CaptionPhase.Of(captions, to - third, to), null, 0, 0);
    }

    private static async Task LiveAsync(LoadStage stage, int number, long began, TimeSpan at, TimeSpan length, TimeSpan until, CancellationToken cancellation)
    {
        await stage.DelayAsync(at - stage.Time.GetElapsedTime(began), cancellation);
        if (await stage.StartAsync(number, stage.At(began, at), length, cancellation) is not { } interview)
            return;
        await stage.DelayAsync(at + length < until ? length : until - at, cancellation);
        await stage.EndAsync(interview, cancellation);
    }
}
