using System.Globalization;

namespace MediaScore.Load.Results;

/// <summary>What a load must meet to count as carried. The knee is the largest load that does.</summary>
internal static class LoadGoals
{
    /// <summary>End of speech to caption, 99 of 100: later, an interviewer has gone on before the words are there.</summary>
    public const double CaptionP99Ms = 2500;

    /// <summary>The same, one of two. A goal of the table, not of the knee: it grows long before anything breaks.</summary>
    public const double CaptionP50Ms = 700;

    /// <summary>A driver later than this measures itself: one packet of sound is 20 ms.</summary>
    public const double SendLagP99Ms = 20;

    public static IReadOnlyList<string> MissedBy(LoadRow row)
    {
        var driver = row.Driver;
        var misses = new List<string>();
        if (driver.AudioPacketsLost > 0)
            misses.Add(Text($"{driver.AudioPacketsLost} audio packets lost"));
        if (driver.Failed > 0)
            misses.Add(Text($"{driver.Failed} interviews failed"));
        if (driver.Refused > 0 && driver.Scenario == "steady")
            misses.Add(Text($"{driver.Refused} interviews refused"));
        if (driver.CaptionsMissing > 0)
            misses.Add(Text($"{driver.CaptionsMissing} captions missing"));
        if (driver.EndOfSpeechToCaption.P99 > CaptionP99Ms)
            misses.Add(Text($"captions p99 {driver.EndOfSpeechToCaption.P99:0} ms > {CaptionP99Ms:0}"));
        if (driver.SendLag.P99 > SendLagP99Ms)
            misses.Add(Text($"the driver was late itself: p99 {driver.SendLag.P99:0.0} ms > {SendLagP99Ms:0}"));
        return misses;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
