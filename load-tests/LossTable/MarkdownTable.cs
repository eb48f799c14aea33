using System.Text;

namespace MediaScore.LossTable;

/// <summary>The table as docs/webrtc-loss.md has it.</summary>
internal static class MarkdownTable
{
    public static string Write(IReadOnlyList<Outcome> outcomes)
    {
        var text = new StringBuilder();
        text.AppendLine("| network, both ways, 30 ms each | NACK for sound | sound recorded | pictures recorded | word errors | key frames asked | longest hole: sound / pictures | nothing recorded for | interview |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var outcome in outcomes)
        {
            if (outcome.Fault is not null)
            {
                text.AppendLine($"| {outcome.Scenario.Name} | {YesNo(outcome)} | | | | | | | **LOST: {outcome.Fault}** |");
                continue;
            }

            text.AppendLine(
                $"| {outcome.Scenario.Name} | {YesNo(outcome)} | {outcome.SoundPercent:0.0} % | {outcome.PicturesPercent:0.0} % | {outcome.Words.Rate:P1} ({outcome.Words.Errors}/{outcome.Words.ReferenceWords}) "
                + $"| {outcome.KeyFramesAsked} | {Seconds(outcome.SoundHole)} / {Seconds(outcome.PicturesHole)} | {Seconds(outcome.Standstill)} | kept{Events(outcome)} |");
        }

        return text.ToString();
    }

    private static string YesNo(Outcome outcome) => outcome.Scenario.AudioNack ? "yes" : "no";

    private static string Seconds(TimeSpan span) => $"{span.TotalSeconds:0.00} s";

    private static string Events(Outcome outcome) => (outcome.Disconnects, outcome.Restarts) switch
    {
        (0, 0) => string.Empty,
        (0, var restarts) => $", {restarts} ICE restart",
        (var disconnects, 0) => $", {disconnects} time disconnected",
        var (disconnects, restarts) => $", {disconnects} time disconnected, {restarts} ICE restart",
    };
}
