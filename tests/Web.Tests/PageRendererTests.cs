using System.Text.RegularExpressions;
using MediaScore.Web.Candidate;
using MediaScore.Web.Console;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Web.Tests;

/// <summary>The pages as they leave the server.</summary>
public sealed partial class PageRendererTests
{
    // Where a link of a page may lead besides its own files.
    private static readonly string[] OtherPages = ["#main", "/console/live", "/console/devices"];

    private readonly PageRenderer _pages = new(NullLoggerFactory.Instance);

    [Theory]
    [InlineData("en", "Welcome to your interview")]
    [InlineData("zh", "欢迎参加面试")]
    public async Task The_page_speaks_its_language_and_names_every_text_so_that_the_other_can_be_put_in(string language, string heading)
    {
        var html = await _pages.CandidateAsync(Model(language));

        html.ShouldStartWith("<!doctype html>\n<html lang=\"" + language + "\"");
        Decode(html).ShouldContain($"data-t=\"welcome.heading\">{heading}<");
        var keys = TextKey().Matches(html).Select(m => m.Groups["key"].Value).ToList();
        keys.Count.ShouldBeGreaterThan(40);
        keys.Except(PageTexts.In(language).Keys).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_page_has_a_script_or_a_style_in_it_or_asks_another_server()
    {
        foreach (var html in await AllPagesAsync())
        {
            InlineScript().Matches(html).ShouldBeEmpty();
            html.ShouldNotContain("<style");
            html.ShouldNotContain(" style=");
            html.ShouldNotContain(" onclick=");
            Address().Matches(html).Select(m => m.Groups["address"].Value).Where(a => !a.StartsWith("/assets/", StringComparison.Ordinal) && !OtherPages.Contains(a)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_a_plan_says_is_text_and_never_markup()
    {
        var html = await _pages.CandidateAsync(Model("en") with { Title = new Dictionary<string, string> { ["en"] = "<img src=x onerror=alert(1)>" } });

        html.ShouldNotContain("<img");
        html.ShouldContain("&lt;img");
    }

    [Fact]
    public async Task A_plan_in_one_language_is_shown_in_it_on_both_pages_and_says_which_it_is()
    {
        var html = await _pages.CandidateAsync(Model("zh") with { Title = new Dictionary<string, string> { ["en"] = "Store manager" } });

        html.ShouldContain("<span data-in=\"zh\" lang=\"en\">Store manager</span>");
    }

    [Fact]
    public async Task Every_id_is_there_once()
    {
        foreach (var html in await AllPagesAsync())
            Id().Matches(html).Select(m => m.Groups["id"].Value).GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delivery_is_mentioned_only_where_it_counts()
    {
        (await _pages.CandidateAsync(Model("en"))).ShouldContain("welcome.does.contentOnly");
        (await _pages.CandidateAsync(Model("en") with { DeliveryPercent = 20 })).ShouldContain("welcome.does.delivery");
    }

    [Theory]
    [InlineData("en", "Doors and devices")]
    [InlineData("zh", "门禁与设备")]
    public async Task The_page_of_doors_speaks_its_language_and_names_every_text(string language, string heading)
    {
        var html = await _pages.DevicesAsync(new DevicesPageModel(language, "/console/api"));

        Decode(html).ShouldContain($"data-t=\"doors.heading\">{heading}<");
        html.ShouldContain("data-api=\"/console/api\"");
        TextKey().Matches(html).Select(m => m.Groups["key"].Value).Except(PageTexts.In(language).Keys).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_tab_of_the_page_of_doors_has_its_panel_and_one_is_open()
    {
        var html = await _pages.DevicesAsync(new DevicesPageModel("en", "/console/api"));

        var panels = Tab().Matches(html).Select(m => m.Groups["panel"].Value).ToList();
        panels.ShouldBe(["panel-now", "panel-devices", "panel-events", "panel-people"]);
        foreach (var panel in panels)
            html.ShouldContain($"role=\"tabpanel\" id=\"{panel}\"");
        Selected().Count(html).ShouldBe(1);
    }

    [Fact]
    public async Task Every_description_and_label_of_the_page_of_doors_is_there()
    {
        var html = await _pages.DevicesAsync(new DevicesPageModel("en", "/console/api"));

        var ids = Id().Matches(html).Select(m => m.Groups["id"].Value).ToHashSet(StringComparer.Ordinal);
        Reference().Matches(html).SelectMany(m => m.Groups["ids"].Value.Split(' ')).Except(ids).ShouldBeEmpty();
    }

    private async Task<List<string>> AllPagesAsync() =>
    [
        await _pages.CandidateAsync(Model("en")), await _pages.CandidateAsync(Model("zh")), await _pages.ClosedAsync("zh"), await _pages.ConsoleAsync(new LivePageModel("en")),
        await _pages.DevicesAsync(new DevicesPageModel("zh", "/console/api")),
    ];

    private static CandidatePageModel Model(string language) => new()
    {
        Language = language,
        Title = new Dictionary<string, string> { ["en"] = "Store manager", ["zh"] = "店长" },
        Competencies = [new AssessedCompetency(new Dictionary<string, string> { ["en"] = "Empathy", ["zh"] = "同理心" }, new Dictionary<string, string> { ["en"] = "Listens.", ["zh"] = "倾听。" })],
        DeliveryPercent = 0,
    };

    private static string Decode(string html) => System.Net.WebUtility.HtmlDecode(html);

    [GeneratedRegex("data-t(-aria-label)?=\"(?<key>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex TextKey();

    [GeneratedRegex("<script(?![^>]* src=)")]
    private static partial Regex InlineScript();

    [GeneratedRegex("\\b(src|href)=\"(?<address>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex("\\sid=\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();

    [GeneratedRegex("role=\"tab\"[^>]* aria-controls=\"(?<panel>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Tab();

    [GeneratedRegex("aria-selected=\"true\"")]
    private static partial Regex Selected();

    [GeneratedRegex("\\saria-(labelledby|describedby|controls)=\"(?<ids>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
