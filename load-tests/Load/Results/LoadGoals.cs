using System.Globalization;

namespace MediaScore.Load.Results;

/// <param name="Name">What was looked at, as it reads where it is met: "no audio lost".</param>
/// <param name="Miss">How it was missed; null where it was met.</param>
internal readonly record struct LoadGoal(string Name, string? Miss);

/// <summary>What a load must meet to count as carried. The knee is the largest load that does. What was not measured is missed, never met.</summary>
internal static class LoadGoals
{
    /// <summary>End of speech to caption, 99 of 100: later, an interviewer has gone on before the words are there.</summary>
    public const double CaptionP99Ms = 2500;

    /// <summary>The same, one of two: 600 ms of silence that end an utterance, and a tenth of a second for all the rest.</summary>
    public const double CaptionP50Ms = 700;

    /// <summary>A driver later than this measures itself: one packet of sound is 20 ms.</summary>
    public const double SendLagP99Ms = 20;

    /// <summary>Pictures that are looked at now and then may be left out under load: one of ten at most, or the measures of a face rest on other moments than they say.</summary>
    public const double SampledDroppedShare = 0.1;

    /// <summary>Frame to decision, 99 of 100: later, the person has pushed against the door.</summary>
    public const double DecisionP99Ms = 300;

    /// <summary>Overload: who gets no place is told at once, or asks again and makes it worse.</summary>
    public const double RefusalP99Ms = 50;

    /// <summary>Overload: whoever has a place notices nothing of it; captions at p99 against before.</summary>
    public const double OverloadTolerance = 1.1;

    public static IReadOnlyList<string> MissedBy(LoadRow row) => [.. Of(row).Select(goal => goal.Miss).OfType<string>()];

    /// <summary>"No audio lost, nobody failed, ...": all that was looked at in this row's scenario.</summary>
    public static string Sentence(LoadRow row)
    {
        var text = string.Join(", ", Of(row).Select(goal => goal.Name));
        return char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    /// <summary>Every goal of the row's scenario.</summary>
    public static IEnumerable<LoadGoal> Of(LoadRow row)
    {
        var driver = row.Driver;
        // Terminals alone are a row as well.
        if (driver.Interviews > 0)
        {
            foreach (var goal in OfInterviews(row))
                yield return goal;
        }

        if (driver.Terminals is { } terminals)
        {
            foreach (var goal in OfTerminals(terminals))
                yield return goal;
        }
    }

    private static IEnumerable<LoadGoal> OfInterviews(LoadRow row)
    {
        var driver = row.Driver;
        yield return Goal("no audio lost", driver.AudioPacketsLost > 0, $"{driver.AudioPacketsLost} audio packets lost");
        yield return Goal("nobody failed", driver.Failed > 0, $"{driver.Failed} interviews failed");
        if (driver.Scenario == "steady")
            yield return Goal("nobody refused", driver.Refused > 0, $"{driver.Refused} interviews refused");
        yield return Goal("no caption missing", driver.CaptionsMissing > 0, $"{driver.CaptionsMissing} captions missing");
        yield return AtMost("captions p50", driver.EndOfSpeechToCaption, p => p.P50, CaptionP50Ms);
        yield return AtMost("captions p99", driver.EndOfSpeechToCaption, p => p.P99, CaptionP99Ms);
        yield return Goal("sound acknowledged as durable", driver.CaptureToDurable.Count == 0, $"no sound was acknowledged as durable");
        // Of rows that were written before it was counted, nothing is known and nothing is said.
        if (row.Server.SampledDroppedShare is { } share)
            yield return Goal(Text($"at most {SampledDroppedShare:P0} of sampled pictures dropped"), share > SampledDroppedShare, $"{share:P0} of sampled pictures dropped > {SampledDroppedShare:P0}");
        yield return driver.SendLag.Count == 0
            ? new LoadGoal("the driver on time", "no send of the driver's was timed")
            : Goal("the driver on time", driver.SendLag.P99 > SendLagP99Ms, $"the driver was late itself: p99 {driver.SendLag.P99:0.0} ms > {SendLagP99Ms:0}");
        foreach (var goal in OfScenario(driver))
            yield return goal;
    }

    private static IEnumerable<LoadGoal> OfTerminals(DriverTerminals terminals)
    {
        yield return AtMost("frame to decision p99", terminals.FrameToDecision, p => p.P99, DecisionP99Ms);
        yield return Goal("no decision too late", terminals.TimedOut > 0, $"{terminals.TimedOut} decisions came too late");
        yield return terminals.SendLag.Count == 0
            ? new LoadGoal("the terminals on time", "no frame was timed")
            : Goal("the terminals on time", terminals.SendLag.P99 > SendLagP99Ms, $"the terminals were late themselves: p99 {terminals.SendLag.P99:0.0} ms > {SendLagP99Ms:0}");
    }

    private static IEnumerable<LoadGoal> OfScenario(DriverResult driver)
    {
        if (driver.Scenario == "overload")
            yield return AtMost("refusals p99", driver.Refusal, p => p.P99, RefusalP99Ms);
        if (driver.Scenario is not ("overload" or "reconnect"))
            yield break;
        if (driver.Recovery is not { } recovery)
        {
            yield return new LoadGoal("back to normal", "nothing is known of the recovery");
            yield break;
        }

        if (driver.Scenario == "overload")
        {
            const string Name = "captions meanwhile within 10 % of before";
            yield return recovery.Before.Count == 0 || recovery.During.Count == 0
                ? new LoadGoal(Name, "no captions before the overload or meanwhile")
                : Goal(Name, recovery.During.P99 > recovery.Before.P99 * OverloadTolerance, $"captions p99 meanwhile {recovery.During.P99:0} ms > {recovery.Before.P99:0} before + 10 %");
        }

        yield return Goal("back to normal", recovery.SecondsToNormal is null, $"never back to normal");
    }

    private static LoadGoal AtMost(string what, Percentiles times, Func<Percentiles, double> of, double mostMs)
    {
        var name = Text($"{what} within {mostMs:0} ms");
        return times.Count == 0 ? new LoadGoal(name, $"{what}: none was timed") : Goal(name, of(times) > mostMs, $"{what} {of(times):0} ms > {mostMs:0}");
    }

    private static LoadGoal Goal(string name, bool missed, FormattableString miss) => new(name, missed ? Text(miss) : null);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
