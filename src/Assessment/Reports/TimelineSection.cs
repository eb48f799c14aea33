namespace MediaScore.Assessment.Reports;

/// <summary>
/// The interview as a picture: answers, speech, sound, faces and quotes on one axis. One SVG without a view box: positions in per cent, so that it fits a phone
/// and its text keeps its size.
/// </summary>
internal static class TimelineSection
{
    private const int RowHeight = 18;
    private const int RowGap = 24;
    private const int LabelHeight = 16;

    private static readonly long[] TickStepsMs = [1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000];

    public static void Write(ReportPage page)
    {
        var (report, words, html) = (page.Report, page.Words, page.Html);
        var duration = Math.Max(1, report.Interview.DurationMs);
        var kinds = report.Quality.Track.Select(s => s.Kind).ToHashSet();
        var rows = new List<(string Label, Action<int> Draw)> { (words.Pick("Answers", "回答"), y => Answers(page, duration, y)) };
        if (kinds.Contains("speech"))
            rows.Add((words.Pick("Speech", "语音"), y => Spans(page, duration, y, "speech")));
        if (kinds.Any(k => k.StartsWith("sound", StringComparison.Ordinal)))
            rows.Add((words.Pick("Sound quality", "声音质量"), y => Spans(page, duration, y, "sound-good", "sound-poor", "sound-unusable")));
        if (kinds.Any(k => k.StartsWith("face", StringComparison.Ordinal)))
            rows.Add((words.Pick("Faces", "人脸"), y => Spans(page, duration, y, "face-one", "face-none", "face-several")));
        rows.Add((words.Pick("Quotes", "引文"), y => Quotes(page, duration, y)));
        if (report.Warnings.Count + report.Gaps.Count > 0)
            rows.Add((words.Pick("Warnings and gaps", "警告与缺口"), y => Warnings(page, duration, y)));

        var height = (rows.Count * (LabelHeight + RowGap)) + 20;
        html.Add($"<section class=\"card\" aria-labelledby=\"course\">\n<h2 id=\"course\">{words.Pick("Course of the interview", "面试过程")}</h2>\n");
        html.Add($"<svg class=\"course\" role=\"img\" aria-labelledby=\"course\" width=\"100%\" height=\"{height}\">\n");
        Axis(page, duration, height);
        for (var i = 0; i < rows.Count; i++)
        {
            var y = i * (LabelHeight + RowGap);
            html.Add($"<text class=\"row\" x=\"0\" y=\"{y + 12}\">{rows[i].Label}</text>\n<rect class=\"lane\" x=\"0\" y=\"{y + LabelHeight}\" width=\"100%\" height=\"{RowHeight}\" rx=\"3\"/>\n");
            rows[i].Draw(y + LabelHeight);
        }

        html.Add($"</svg>\n");
        Legend(page, kinds);
        html.Add($"</section>\n");
    }

    private static void Axis(ReportPage page, long duration, int height)
    {
        // Six marks or so fit beside each other on a phone.
        var step = TickStepsMs.FirstOrDefault(s => duration / s <= 6, duration);
        for (long at = 0; at <= duration; at += step)
        {
            page.Html.Add($"<line class=\"tick\" x1=\"{X(at, duration):0.##}%\" x2=\"{X(at, duration):0.##}%\" y1=\"0\" y2=\"{height - 16}\"/>");
            var anchor = at == 0 ? "start" : X(at, duration) > 97 ? "end" : "middle";
            page.Html.Add($"<text class=\"tick\" x=\"{X(at, duration):0.##}%\" y=\"{height - 3}\" text-anchor=\"{anchor}\">{ReportWords.Time(at)}</text>\n");
        }
    }

    private static void Answers(ReportPage page, long duration, int y)
    {
        var number = 0;
        foreach (var question in page.Report.Stages.SelectMany(s => s.Questions.Select(q => (Stage: s, Question: q))))
        {
            number++;
            foreach (var attempt in question.Question.Attempts)
            {
                var (x, width) = Place(attempt.StartMs, attempt.EndMs, duration);
                page.Html.Add($"<a href=\"#q-{question.Question.Id}\"><svg x=\"{x:0.##}%\" y=\"{y}\" width=\"{width:0.##}%\" height=\"{RowHeight}\">");
                page.Html.Add($"<rect class=\"{(attempt.Counts ? "answer" : "answer old")}\" width=\"100%\" height=\"100%\" rx=\"3\"/>");
                page.Html.Add($"<title>{question.Stage.Title}, {ReportWords.Times(attempt.StartMs, attempt.EndMs)}</title>");
                page.Html.Add($"<text class=\"{(attempt.Counts ? "in" : "in old")}\" x=\"5\" y=\"13\">{(width < 8 ? $"{number}" : $"{number} {question.Stage.Title}")}</text></svg></a>\n");
            }
        }
    }

    private static void Spans(ReportPage page, long duration, int y, params ReadOnlySpan<string> kinds)
    {
        foreach (var span in page.Report.Quality.Track)
        {
            if (!kinds.Contains(span.Kind))
                continue;
            var (x, width) = Place(span.StartMs, span.EndMs, duration);
            var height = BarHeight(span.Kind);
            page.Html.Add($"<rect class=\"{span.Kind}\" x=\"{x:0.##}%\" y=\"{y + RowHeight - height}\" width=\"{width:0.##}%\" height=\"{height}\"><title>{ReportWords.Times(span.StartMs, span.EndMs)}</title></rect>\n");
        }
    }

    private static void Quotes(ReportPage page, long duration, int y)
    {
        var quotes = page.Report.Stages.SelectMany(s => s.Questions).SelectMany(q => q.Ratings).SelectMany(r => r.Quotes.Select(quote => (r.QuestionId, Quote: quote)))
            .DistinctBy(q => (q.QuestionId, q.Quote.SentenceIndex)).OrderBy(q => q.Quote.StartMs);
        foreach (var (questionId, quote) in quotes)
        {
            var (x, width) = Place(quote.StartMs, quote.EndMs, duration);
            page.Html.Add($"<a href=\"#{ReportPage.SentenceAnchor(questionId, quote.SentenceIndex)}\"><rect class=\"quote\" x=\"{x:0.##}%\" y=\"{y}\" width=\"{width:0.##}%\" height=\"{RowHeight}\" rx=\"2\">");
            page.Html.Add($"<title>{ReportWords.Time(quote.StartMs)} {quote.Text}</title></rect></a>\n");
        }
    }

    private static void Warnings(ReportPage page, long duration, int y)
    {
        foreach (var (label, span) in page.Report.Warnings.SelectMany(w => w.Ranges.Select(r => (page.Words.Of(w.Warning), r)))
            .Concat(page.Report.Gaps.Select(g => (g.Reason, new ReportSpan(g.StartMs, g.EndMs)))))
        {
            var (x, width) = Place(span.StartMs, span.EndMs, duration);
            page.Html.Add($"<rect class=\"warning\" x=\"{x:0.##}%\" y=\"{y}\" width=\"{width:0.##}%\" height=\"{RowHeight}\" rx=\"2\"><title>{label}, {ReportWords.Times(span.StartMs, span.EndMs)}</title></rect>\n");
        }
    }

    private static void Legend(ReportPage page, HashSet<string> kinds)
    {
        page.Html.Add($"<ul class=\"legend\">");
        foreach (var (kind, label) in new[]
        {
            ("sound-good", page.Words.Pick("good sound", "声音良好")), ("sound-poor", page.Words.Pick("poor sound", "声音较差")),
            ("sound-unusable", page.Words.Pick("unusable sound", "声音不可用")), ("face-one", page.Words.Pick("one face", "一张人脸")),
            ("face-none", page.Words.Pick("no face", "没有人脸")), ("face-several", page.Words.Pick("several faces", "多张人脸")),
        })
        {
            if (kinds.Contains(kind))
                page.Html.Add($"<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"{kind}\" width=\"12\" height=\"12\" rx=\"2\"/></svg> {label}</li>");
        }

        page.Html.Add($"<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect class=\"quote\" width=\"12\" height=\"12\" rx=\"2\"/></svg> {page.Words.Pick("quoted", "被引用")}</li></ul>\n");
    }

    /// <summary>Height says the same as colour, for those who do not see the colours apart.</summary>
    private static int BarHeight(string kind) => kind switch
    {
        "sound-poor" or "face-several" => 11,
        "sound-unusable" or "face-none" => 5,
        _ => RowHeight,
    };

    private static double X(long ms, long duration) => 100.0 * Math.Clamp(ms, 0, duration) / duration;

    /// <summary>Nothing is narrower than a hair, or it could not be seen.</summary>
    private static (double X, double Width) Place(long startMs, long endMs, long duration)
    {
        var width = Math.Max(0.35, X(endMs, duration) - X(startMs, duration));
        return (Math.Min(X(startMs, duration), 100 - width), width);
    }
}
