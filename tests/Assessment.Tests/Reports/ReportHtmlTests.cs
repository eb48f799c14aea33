using System.Text;
using System.Text.RegularExpressions;
using MediaScore.Assessment.Reports;
using MediaScore.Assessment.Tests.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Reports;

public sealed partial class ReportHtmlTests
{
    private static readonly ReportHtmlOptions Served = new() { ClipUrlTemplate = "clips/{startMs}-{endMs}.webm", StyleNonce = "abc123", JsonUrl = "report.json" };

    [Fact]
    public void The_page_needs_nothing_from_elsewhere_and_has_no_script_or_inline_style()
    {
        var html = Write(SampleInterview.Report(), new ReportHtmlOptions());

        html.ShouldNotContain("<script");
        html.ShouldNotContain("http:");
        html.ShouldNotContain("https:");
        html.ShouldNotContain("url(");
        html.ShouldNotContain("<audio controls");
        html.ShouldNotContain("<link");
        Attributes().Matches(html).Select(m => m.Groups["name"].Value).ShouldNotContain("style");
        Attributes().Matches(html).Select(m => m.Groups["name"].Value).ShouldAllBe(name => !name.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_inside_the_page_has_its_target_and_every_id_is_there_once()
    {
        var html = Write(SampleInterview.Report(), Served);
        var ids = Ids().Matches(html).Select(m => m.Groups["id"].Value).ToList();

        ids.ShouldBeUnique();
        Targets().Matches(html).Select(m => m.Groups["id"].Value).Except(ids).ShouldBeEmpty();
        Targets().Count(html).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Tags_are_closed_in_order()
    {
        var open = new Stack<string>();
        foreach (Match tag in Tags().Matches(Write(SampleInterview.Report(), Served)))
        {
            var name = tag.Groups["name"].Value;
            if (name == "meta" || tag.Value.EndsWith("/>", StringComparison.Ordinal))
                continue;
            if (tag.Groups["slash"].Length == 0)
                open.Push(name);
            else
                open.Pop().ShouldBe(name);
        }

        open.ShouldBeEmpty();
    }

    [Fact]
    public void A_quote_plays_its_clip_with_half_a_second_around_it()
    {
        var report = SampleInterview.Report();
        var quote = report.Stages[0].Questions[0].Ratings[0].Quotes[0];

        Write(report, Served).ShouldContain($"<audio controls preload=\"none\" src=\"clips/{quote.StartMs - 500}-{quote.EndMs + 500}.webm\">");
    }

    [Fact]
    public void The_style_carries_the_nonce_of_the_server() =>
        Write(SampleInterview.Report(), Served).ShouldContain("<style nonce=\"abc123\">");

    [Fact]
    public void What_the_candidate_says_can_never_become_markup()
    {
        const string Attack = "<img src=x onerror=alert(1)> & \"quotes\" '</style><script>alert(2)</script>";
        var timeline = SampleInterview.Timeline().Select(o => o switch
        {
            UtteranceTranscript { Text.Length: > 0 } t => t with { Text = t.Text + " " + Attack, Words = [] },
            WrittenAnswer w => w with { Text = w.Text + Attack },
            MediaGap g => g with { Reason = Attack },
            _ => o,
        }).Append(new NotAnalysed(MediaRange.At(MediaTime.Zero), Modality.Video, Attack)).Append(new AnalysisFault(MediaRange.At(MediaTime.Zero), Attack, Attack)).ToList();
        var report = ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata with { CandidateReference = Attack, InterviewId = Attack });

        var html = Write(report, Served);

        html.ShouldNotContain("<img");
        html.ShouldNotContain("<script");
        html.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
        Encoding.UTF8.GetString(ReportJson.Write(report)).ShouldNotContain("<img");
    }

    [Fact]
    public void A_chinese_interview_reads_chinese_labels_and_texts()
    {
        var timeline = SampleInterview.Timeline().Select(o => o is InterviewStarted s ? s with { Language = "zh" } : o).ToList();

        var html = Write(ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata), Served);

        html.ShouldContain("<html lang=\"zh\">");
        html.ShouldContain("餐厅门店店长");
        html.ShouldContain("由人来决定");
        html.ShouldNotContain("Not assessed");
        html.ShouldNotContain("Confidence ");
    }

    [Fact]
    public void A_report_without_any_answer_is_a_page_too()
    {
        var html = Write(ReportBuilder.Build(SamplePlans.StoreManager, [], SampleInterview.Metadata), Served);

        html.ShouldContain("Not assessed");
        html.ShouldContain("Not answered");
        html.ShouldContain("The timeline has no end of the interview");
    }

    [Fact]
    public void The_same_report_gives_the_same_page() =>
        ReportHtml.Write(SampleInterview.Report(), Served).ShouldBe(ReportHtml.Write(ReportJson.Read(ReportJson.Write(SampleInterview.Report())), Served));

    /// <summary>Where a person wants to look at the page: <c>MEDIASCORE_WRITE_SAMPLES=folder</c>.</summary>
    [Fact]
    public void The_sample_pages_can_be_written_for_a_look()
    {
        var english = ReportHtml.Write(SampleInterview.Report(), Served with { StyleNonce = null });
        var chinese = ReportHtml.Write(
            ReportBuilder.Build(
                SamplePlans.StoreManager,
                [
                    .. SampleInterview.Timeline().Where(o => o is not (UtteranceTranscript or AnchorSimilarity)).Select(o => o is InterviewStarted s ? s with { Language = "zh" } : o),
                    new NotAnalysed(MediaRange.At(MediaTime.Zero), Modality.Transcript, "no model for zh"),
                ],
                SampleInterview.Metadata),
            new ReportHtmlOptions());
        english.Length.ShouldBeInRange(20_000, 200_000);
        chinese.Length.ShouldBeInRange(10_000, 200_000);
        if (Environment.GetEnvironmentVariable("MEDIASCORE_WRITE_SAMPLES") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "report-en.html"), english);
        File.WriteAllBytes(Path.Combine(folder, "report-zh.html"), chinese);
        File.WriteAllBytes(Path.Combine(folder, "report-en.json"), ReportJson.Write(SampleInterview.Report()));
    }

    private static string Write(InterviewReport report, ReportHtmlOptions options) => Encoding.UTF8.GetString(ReportHtml.Write(report, options));

    [GeneratedRegex("\\s(?<name>[a-z-]+)=\"", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Attributes();

    [GeneratedRegex("\\sid=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"#(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Targets();

    [GeneratedRegex("<(?<slash>/?)(?<name>[a-z0-9]+)[^>]*>", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Tags();
}
