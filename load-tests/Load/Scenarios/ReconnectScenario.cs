using System.Globalization;
using MediaScore.Load.Clients;
using MediaScore.Load.Results;

namespace MediaScore.Load.Scenarios;

/// <summary>All connections break at once, as when a router restarts, and all come back within one second. How long until every interview is recorded again?</summary>
internal sealed class ReconnectScenario : IScenario
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(1);

    // As long as a page tries before it tells its candidate that something is wrong.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    public async Task<WhatCaptionsTell?> RunAsync(LoadStage stage, MeasuredWindow window, CancellationToken cancellation)
    {
        var half = TimeSpan.FromSeconds(stage.Options.Seconds) / 2;
        var interviews = await SteadyScenario.BringUpAsync(stage, window, cancellation);
        var (from, droppedAt, backAt, missing) = (stage.Time.GetTimestamp(), 0L, 0L, 0);
        await window.RunAsync(half + half, cancellation, async running =>
        {
            await stage.DelayAsync(half, running);
            droppedAt = stage.Time.GetTimestamp();
            await Task.WhenAll(interviews.Select(interview => interview.DropAsync()));
            var goneAt = stage.Time.GetTimestamp();
            var places = stage.Starts(interviews.Count, BackWithin);
            var back = await Task.WhenAll(interviews.Select((interview, place) => ComeBackAsync(stage, interview, goneAt, places[place], running)));
            backAt = stage.Time.GetTimestamp();
            missing = back.Count(recorded => !recorded);
        });
        var to = stage.Time.GetTimestamp();
        await SteadyScenario.EndAllAsync(stage, cancellation);

        return captions => new DriverRecovery(
            string.Create(CultureInfo.InvariantCulture, $"{interviews.Count} clients dropped at once and came back within {BackWithin.TotalSeconds:0} s"), CaptionPhase.Of(captions, from, droppedAt),
            CaptionPhase.Of(captions, droppedAt, backAt), CaptionPhase.Of(captions, backAt, to), missing == 0 ? stage.Time.GetElapsedTime(droppedAt, backAt).TotalSeconds : null, 0, 0);
    }

    /// <returns>Whether it is recorded again.</returns>
    private static async Task<bool> ComeBackAsync(LoadStage stage, IInterview interview, long goneAt, TimeSpan after, CancellationToken cancellation)
    {
        await stage.DelayAsync(after - stage.Time.GetElapsedTime(goneAt), cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(GiveUpAfter);
        var outcome = StartOutcome.Failed("did not come back");
        try
        {
            for (var due = stage.At(goneAt, after); (outcome = await interview.ReconnectAsync(due, limit.Token)).Result is not StartResult.Started;)
            {
                var pause = outcome.RetryAfter is { } wanted && wanted < GiveUpAfter / 2 ? wanted : RetryPause;
                due = stage.At(stage.Time.GetTimestamp(), pause);
                await stage.DelayAsync(pause, limit.Token);
            }

            await interview.RecordsAgainAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            stage.Meter.Fail($"after the reconnect: {(outcome.Result is StartResult.Started ? "nothing was recorded" : outcome.Reason)}");
            return false;
        }
    }
}
