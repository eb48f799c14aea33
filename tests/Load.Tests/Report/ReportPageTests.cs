using System.Xml.Linq;
using MediaScore.Load.Report;

namespace MediaScore.Load.Tests.Report;

public sealed class ReportPageTests
{
    [Fact]
    public void A_report_needs_nothing_but_itself()
    {
        var page = ReportPage.Write(Rows.Make());

        page.ShouldNotContain("src=");
        page.ShouldNotContain("<link");
        page.ShouldNotContain("<script");
        page.ShouldContain("<svg");
    }

    [Fact]
    public void Every_chart_is_wellformed_and_labelled()
    {
        var page = ReportPage.Write(Rows.Make());

        var charts = page.Split("<svg")[1..].Select(rest => "<svg" + rest[..(rest.IndexOf("</svg>", StringComparison.Ordinal) + 6)]).ToList();
        charts.Count.ShouldBeGreaterThan(8);
        foreach (var chart in charts)
            XDocument.Parse(chart).Descendants().Count(e => e.Name.LocalName == "text").ShouldBeGreaterThan(2);
    }

    [Fact]
    public void What_a_row_misses_stands_at_the_top_and_words_from_elsewhere_are_escaped()
    {
        var page = ReportPage.Write(Rows.Make(audioLost: 7, failed: 1));

        page.ShouldContain("Not carried: 7 audio packets lost; 1 interviews failed.");
        page.ShouldContain("&lt;timeout&gt; &amp; no answer");
    }

    [Fact]
    public void A_row_that_meets_the_goals_says_so() => ReportPage.Write(Rows.Make()).ShouldContain("class=\"good\">Carried");

    [Fact]
    public void What_face_terminals_saw_has_its_own_table_chart_and_title()
    {
        var page = ReportPage.Write(Rows.With(Rows.Make(50), 20, tooLate: 3));

        page.ShouldContain("50 interviews over WebRTC and 20 terminals, 60 s");
        page.ShouldContain("What the face terminals saw");
        page.ShouldContain("Frame to decision, longest of each second");
        page.ShouldContain("3 decisions came too late");
        ReportPage.Write(Rows.Make(50)).ShouldNotContain("terminals saw");
    }

    [Fact]
    public void A_row_of_which_nothing_was_measured_is_a_page_all_the_same()
    {
        var row = Rows.Make();
        var empty = row with
        {
            Driver = row.Driver with { Timeline = [], EndOfSpeechToCaption = Load.Results.Percentiles.None, CaptureToDurable = Load.Results.Percentiles.None, SendLag = Load.Results.Percentiles.None },
            Server = row.Server with { Timeline = [], Models = [] },
        };

        ReportPage.Write(empty).ShouldContain("2 interviews over WebRTC, 60 s");
    }
}
