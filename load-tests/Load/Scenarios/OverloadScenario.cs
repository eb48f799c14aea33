using System.Globalization;
using MediaScore.Load.Clients;
using MediaScore.Load.Results;

namespace MediaScore.Load.Scenarios;

/// <summary>
/// A load that is held, then ten times the rate of its starts in requests for a place, for <see cref="LoadOptions.EventSeconds"/>; whoever gets a place runs as well. A third
/// part of the same length as the first shows whether all is as before.
/// </summary>
internal sealed class OverloadScenario : IScenario
{
    private const int Times = 10;

    public async Task<WhatCaptionsTell?> RunAsync(LoadStage stage, MeasuredWindow window, CancellationToken cancellation)
    {
        var options = stage.Options;
        var (before, during, after) = (TimeSpan.FromSeconds(options.Seconds), TimeSpan.FromSeconds(options.EventSeconds), TimeSpan.FromSeconds(options.Seconds));
        await SteadyScenario.BringUpAsync(stage, window, cancellation);
        var rate = Times * options.Interviews / Math.Max(1, options.Ramp.TotalSeconds);
        var (from, stormFrom, stormTo) = (stage.Time.GetTimestamp(), 0L, 0L);
        await window.RunAsync(before + during + after, cancellation, async running =>
        {
            await stage.DelayAsync(before, running);
            stormFrom = stage.Time.GetTimestamp();
            await AskAsync(stage, rate, during, options.Longest, running);
            stormTo = stage.Time.GetTimestamp();
        });
        var to = stage.Time.GetTimestamp();
        await SteadyScenario.EndAllAsync(stage, cancellation);

        return all =>
        {
            var captions = all.Where(caption => caption.Interview < options.Interviews).ToList();
            var normal = CaptionPhase.Of(captions, from, stormFrom);
            return new DriverRecovery(
                string.Create(CultureInfo.InvariantCulture, $"{Times} times the rate of requests for {during.TotalSeconds:0} s"), normal, CaptionPhase.Of(captions, stormFrom, stormTo),
                CaptionPhase.Of(captions, stormTo, to), CaptionPhase.SecondsToNormal(captions, normal, stormTo, to, stage.Time), rate, 0);
        };
    }

    /// <summary>Requests at the times of a Poisson process, whatever became of those before.</summary>
    private static async Task AskAsync(LoadStage stage, double perSecond, TimeSpan length, TimeSpan longest, CancellationToken cancellation)
    {
        var began = stage.Time.GetTimestamp();
        var asked = new List<Task<IInterview?>>();
        foreach (var at in stage.Starts((int)(perSecond * length.TotalSeconds), length))
        {
            await stage.DelayAsync(at - stage.Time.GetElapsedTime(began), cancellation);
            if (stage.Running.Count >= LoadOptions.MostInterviews)
            {
                stage.Meter.Fail($"the server admitted more than this program's {LoadOptions.MostInterviews}");
                break;
            }

            asked.Add(stage.StartAsync(stage.Options.Interviews + asked.Count, stage.At(began, at), longest, cancellation, invited: false));
        }

        await Task.WhenAll(asked);
    }
}
