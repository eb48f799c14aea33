using System.Globalization;
using System.Text;

namespace MediaScore.Assessment.Reports;

/// <summary>
/// The report as one self-contained HTML page without scripts, in the interview's language (English or Chinese labels), printable on A4. The same report and
/// options give the same bytes.
/// </summary>
public static class ReportHtml
{
    private static readonly Lazy<string> LazyStyle = new(ReadStyle);

    /// <returns>UTF-8.</returns>
    public static byte[] Write(InterviewReport report, ReportHtmlOptions options)
    {
        var words = new ReportWords(report.Interview.Language);
        var html = new HtmlBuilder();
        var page = new ReportPage(report, options, words, html);
        html.Add($"<!doctype html>\n<html lang=\"{words.Language}\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n");
        html.Add($"<title>{words.Pick("Interview report", "面试报告")} · {report.Plan.Title}</title>\n");
        html.Add(options.StyleNonce is { } nonce ? HtmlBuilder.Piece(h => h.Add($"<style nonce=\"{nonce}\">")) : new Markup("<style>"));
        html.Add(new Markup(LazyStyle.Value)).Add($"</style>\n</head>\n<body>\n");
        WriteHeader(page);
        html.Add($"<main>\n");
        SummarySection.Write(page);
        TimelineSection.Write(page);
        foreach (var stage in report.Stages)
        {
            foreach (var question in stage.Questions)
                QuestionSection.Write(page, stage, question);
        }

        QualitySection.Write(page);
        BasisSection.Write(page);
        html.Add($"</main>\n<footer><p>MediaScore · {report.Format} · {report.Overall.Rater}</p></footer>\n</body>\n</html>\n");
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    private static void WriteHeader(ReportPage page)
    {
        var (report, words, html) = (page.Report, page.Words, page.Html);
        html.Add($"<header class=\"top\">\n<p class=\"kicker\">{words.Pick("Interview report", "面试报告")}</p>\n<h1>{report.Plan.Title}</h1>\n<dl class=\"meta\">\n");
        Item(words.Pick("Candidate", "候选人"), report.Interview.CandidateReference.Length > 0 ? report.Interview.CandidateReference : "–");
        Item(words.Pick("Interview", "面试编号"), report.Interview.Id);
        if (report.Interview.CreatedAt is { } created)
            Item(words.Pick("Date", "日期"), created.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        Item(words.Pick("Length", "时长"), words.Duration(report.Interview.DurationMs));
        Item(words.Pick("Language", "语言"), report.Interview.Language);
        Item(words.Pick("Policy", "合规方案"), report.Policy.Profile);
        html.Add($"</dl>\n");
        if (page.Options.JsonUrl is { } url)
            html.Add($"<p class=\"links\"><a href=\"{url}\">{words.Pick("The same report as JSON", "本报告的 JSON")}</a></p>\n");
        html.Add($"</header>\n");

        void Item(string name, string value) => html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>\n");
    }

    private static string ReadStyle()
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("The assembly has no resource report.css: Assessment.csproj must embed it.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
