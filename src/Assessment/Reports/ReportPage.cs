namespace MediaScore.Assessment.Reports;

/// <summary>What every section of the page needs.</summary>
internal sealed record ReportPage(InterviewReport Report, ReportHtmlOptions Options, ReportWords Words, HtmlBuilder Html)
{
    // Word times are estimated inside an utterance: a clip begins and ends a little outside them.
    private const long ClipMarginMs = 500;

    /// <summary>Null where the page has no server, or where nothing was recorded at that time (written answers).</summary>
    public string? ClipUrl(long startMs, long endMs)
    {
        if (Options.ClipUrlTemplate is null || endMs <= startMs)
            return null;
        var start = Math.Max(0, startMs - ClipMarginMs);
        var end = Math.Max(start + 1, Math.Min(Report.Interview.DurationMs, endMs + ClipMarginMs));
        return Options.ClipUrlTemplate.Replace("{startMs}", $"{start}", StringComparison.Ordinal).Replace("{endMs}", $"{end}", StringComparison.Ordinal);
    }

    /// <summary>The five-level scale with its rating; hatched where there is none.</summary>
    public Markup Scale(double? rating) => HtmlBuilder.Piece(html =>
    {
        var label = rating is { } known ? $"{ReportWords.Rating(known)} / 5" : Words.Pick("not assessed", "未评估");
        html.Add($"<svg class=\"scale\" role=\"img\" aria-label=\"{label}\" width=\"100%\" height=\"12\">");
        for (var level = 0; level < 5; level++)
        {
            html.Add($"<rect class=\"{(rating is null ? "seg none" : "seg")}\" x=\"{level * 20.2:0.##}%\" width=\"19.2%\" height=\"12\" rx=\"3\"/>");
            var filled = Math.Clamp((rating ?? 0) - level, 0, 1);
            if (filled > 0)
                html.Add($"<rect class=\"fill\" x=\"{level * 20.2:0.##}%\" width=\"{19.2 * filled:0.##}%\" height=\"12\" rx=\"3\"/>");
        }

        html.Add($"</svg>");
    });

    public static string SentenceAnchor(string questionId, int sentenceIndex) => $"s-{questionId}-{sentenceIndex}";
}
