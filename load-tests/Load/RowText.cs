using System.Globalization;
using System.Text;
using MediaScore.Load.Results;

namespace MediaScore.Load;

/// <summary>A row as a few lines for the terminal.</summary>
internal static class RowText
{
    public static string Write(LoadRow row)
    {
        var (driver, server) = (row.Driver, row.Server);
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"{driver.Scenario}, {driver.Transport}, {driver.Interviews} interviews, {driver.Seconds:0} s measured after {driver.WarmUpSeconds:0} s; {driver.Started} started, {driver.Refused} refused, {driver.Failed} failed");
        foreach (var (reason, count) in driver.Failures)
            Line($"  {count} x {reason}");
        // Terminals alone: of interviews there is nothing to say.
        if (driver.Interviews > 0)
            Interviews(Line, row);
        if (driver.Terminals is { } doors)
            Terminals(Line, doors, server);
        if (server.FinalPasses is { CpuSeconds: > 0 } passes)
            Line($"final passes: {passes.Done} done of {passes.MediaSeconds:0} s of media, {passes.CpuSeconds:0.0} CPU-s; {passes.FinishingAtStart} interviews without a report at the beginning, {passes.FinishingAtEnd} at the end");
        if (driver.Recovery is { } recovery)
            Line($"{recovery.What}: p99 before {recovery.Before.P99:0} ms, during {recovery.During.P99:0}, after {recovery.After.P99:0}; {(driver.Scenario == "churn" ? string.Empty : recovery.SecondsToNormal is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"normal after {seconds:0.0} s; ") : "never normal again; ")}{recovery.AudioSecondsLost:0.0} s of sound lost");
        Line($"goals: {(row.Misses.Count == 0 ? "met" : string.Join("; ", row.Misses))}");
        return text.ToString().TrimEnd();
    }

    private static void Interviews(Action<FormattableString> line, LoadRow row)
    {
        var (driver, server) = (row.Driver, row.Server);
        line($"end of speech to caption  {Times(driver.EndOfSpeechToCaption)}");
        if (driver.CaptionsUntimed + driver.CaptionsEarly > 0)
            line($"  {driver.CaptionsUntimed} more of speech whose end noise hides, not timed; {driver.CaptionsEarly} before their speech was due");
        line($"capture to durable        {Times(driver.CaptureToDurable)}");
        if (driver.Refusal.Count > 0)
            line($"refusal                   {Times(driver.Refusal)}, own lag p99 {driver.RequestLag.P99:0.0} ms");
        line($"driver's own lag          {Times(driver.SendLag)}{(driver.SendersGoFirst ? string.Empty : ", senders without priority")}");
        line($"utterances {driver.UtterancesSpoken}, {driver.UtterancesUnheard} unheard; captions {driver.CaptionsReceived} of {driver.CaptionsExpected}, {driver.CaptionsMissing} missing; word errors {driver.Words.Errors}/{driver.Words.Words} = {driver.Words.Rate:P1}, transcripts {driver.Words.TranscriptSha256[..12]}");
        if (driver.Against is { } against)
        {
            line($"against {against.Against}: {against.WordsChanged} of {against.Words} words changed, in {against.SentencesChanged} of {against.Sentences} sentences; {against.ReferenceVaries} sentences have more than one reading there");
            line($"  of them the same sentence at the same time of the same interview: {against.InPlaceWordsChanged} of {against.InPlaceWords} words changed, {against.InPlace} sentences");
        }

        line($"audio packets {driver.AudioPacketsSent} sent, {driver.AudioPacketsLost} lost; pictures {driver.VideoFramesSent} sent, {driver.VideoFramesLost} lost");
        line($"CPU-ms per interview-second: server {server.CpuMsPerInterviewSecond:0.00}, driver {driver.DriverCpuMsPerInterviewSecond:0.00}");
        foreach (var stage in server.Stages.Where(stage => stage.CpuMsPerInterviewSecond >= 0.005))
            line($"  {stage.CpuMsPerInterviewSecond,6:0.00}  {stage.Stage}");
    }

    private static void Terminals(Action<FormattableString> line, DriverTerminals doors, ServerUsage server)
    {
        line($"frame to decision         {Times(doors.FrameToDecision)}, own lag p99 {doors.SendLag.P99:0.0} ms");
        line($"  {doors.Count} terminals at {doors.FramesPerSecond:0.##} frames a second: {doors.DecisionCount} decisions ({Counts(doors.Decisions)}), {doors.TimedOut} too late, {doors.BusyFrames} busy frames of {doors.Frames.Values.Sum()} ({Counts(doors.Frames)})");
        line($"  {doors.PeopleEnrolled} of {doors.People} people enrolled; recognised {doors.Recognised}, taken for another {doors.TakenForAnother}, enrolled and not recognised {doors.NotRecognised}; frames of the whole run {doors.FramesSent} sent, {doors.FramesAnswered} answered; server's CPU {server.Timeline.Select(second => second.CpuPercent).DefaultIfEmpty().Average():0} % of one core");
    }

    private static string Counts(IReadOnlyDictionary<string, long> counts) => string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}")));

    private static string Times(Percentiles times) =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {times.P50,6:0.0}  p95 {times.P95,6:0.0}  p99 {times.P99,6:0.0}  max {times.Max,6:0.0} ms  ({times.Count})");
}
