using System.Text.Json;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>The whole way of a candidate: link, page, WebRTC, interview, report. Pictures of every step are kept in artifacts/screenshots.</summary>
public sealed class CandidatePageTests(CandidateServer server, ITestOutputHelper output) : IClassFixture<CandidateServer>
{
    private const string Written = "We offer the lunch menu for families. It costs 800 for flyers, and on Monday we count the guests.";

    // Most of it is the final pass behind whatever else this machine does.
    private static readonly TimeSpan ReportLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task By_keyboard_alone_a_candidate_comes_to_a_report_whose_transcript_is_what_was_said()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        var interview = await server.InviteAsync("default");
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);
        var walk = await CandidateWalk.OpenAsync(context, interview.CandidateUrl, "en-desktop");

        await ToTheQuestionsAsync(walk, ["audio", "video", "transcript", "prosody", "face-presence", "text"]);
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=answering]");
        // The recording goes round: two turns hold one of them whole, wherever the answer began in it.
        await Task.Delay(server.Media.Turn * 2.2);
        await walk.SeeAsync("#captions-text:not(.muted)");
        await walk.LookAsync("question-answering");
        await LookAtTheLivePageAsync(browser, "en-GB", 1280, "live-en-desktop", ColorScheme.Light);
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=done]");
        await walk.LookAsync("question-done");
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=ready] #question-camera");
        await walk.LookAsync("written-ready");
        await walk.EnterAsync("#question-go");
        await walk.TabToAsync("#question-text");
        await walk.Page.Keyboard.TypeAsync(Written);
        await walk.LookAsync("written-answering");
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=done]");
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=ready] #question-spoken:not([hidden])");
        await walk.LookAsync("voice-ready");
        await walk.EnterAsync("#question-skip");
        await walk.LookAsync("voice-skip");
        await walk.EnterAsync("button[value=yes]");
        await walk.SeeAsync("[data-view=all]");
        await walk.LookAsync("all-done");
        var report = await ToTheReportAsync(walk, interview);

        walk.ShouldBeFaultless();
        var questions = Questions(report);
        var heard = HeardWords.BestTurn(server.Media.Words, HeardWords.Of(questions[0]));
        output.WriteLine($"one turn of the recording against the transcript: {heard}");
        heard.Rate.ShouldBeLessThan(0.25);
        HeardWords.Of(questions[1]).ShouldBe(Written);
        questions[2].GetProperty("attempts").GetArrayLength().ShouldBe(0);
        report.GetProperty("quality").GetProperty("picture").GetProperty("pictureCount").GetInt32().ShouldBeGreaterThan(3);
        report.GetProperty("gaps").GetArrayLength().ShouldBe(0, report.GetProperty("gaps").ToString());
        NothingWasHeardOutsideTheAnswers(report, questions[0]);
    }

    [Fact]
    public async Task On_a_phone_in_Chinese_neither_a_lost_connection_nor_a_reload_nor_the_time_limit_loses_an_answer()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        var interview = await server.InviteAsync("cn");
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("zh-CN", 390, 844);
        var walk = await CandidateWalk.OpenAsync(context, interview.CandidateUrl, "zh-phone");

        await ToTheQuestionsAsync(walk, ["audio", "video", "transcript", "face-presence", "text"]);
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=answering]");
        await server.Process.StopAsync();
        await walk.SeeAsync("#banner.lost", 30);
        await walk.LookAsync("connection-lost");
        await server.Process.ContinueAsync();
        await walk.SeeAsync("#banner.back", 40);
        await walk.LookAsync("connection-back");
        await walk.Page.ReloadAsync();
        await walk.SeeAsync("[data-view=answering]");
        await Task.Delay(server.Media.Turn);
        await walk.SeeAsync("#captions-text:not(.muted)", 30);
        await walk.LookAsync("question-answering");
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=done]");
        await walk.EnterAsync("#question-go");
        await walk.EnterAsync("#question-go");
        await walk.TabToAsync("#question-text");
        await walk.Page.Keyboard.TypeAsync("我们在周末为家庭推出午市套餐。");
        await walk.LookAsync("written-answering");
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=done]");
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=ready] #question-spoken:not([hidden])");
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=answering]");
        await walk.LookAsync("voice-answering");
        await LookAtTheLivePageAsync(browser, "zh-CN", 390, "live-zh-phone", ColorScheme.Dark);
        // The plan gives it ten seconds; nobody presses anything.
        await walk.SeeAsync("[data-view=done]", 30);
        await walk.LookAsync("voice-time-up");
        var report = await ToTheReportAsync(walk, interview);

        walk.Barriers.ShouldBeEmpty();
        var questions = Questions(report);
        foreach (var spoken in (JsonElement[])[questions[0], questions[2]])
        {
            var recall = HeardWords.Recall(server.Media.Words, HeardWords.Of(spoken));
            output.WriteLine($"heard of the words of one turn: {recall:P0}");
            // A turn that is cut where it began loses a word or two, and the recogniser some more.
            recall.ShouldBeGreaterThan(0.4);
        }

        questions[0].GetProperty("attempts").GetArrayLength().ShouldBe(1);
        questions[2].GetProperty("attempts")[0].GetProperty("endReason").GetString().ShouldBe("TimeLimit");
        report.GetProperty("gaps").GetArrayLength().ShouldBeGreaterThan(0, "the outage is written down");
    }

    [Fact]
    public async Task Who_agrees_to_writing_only_is_interviewed_without_camera_and_microphone()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        var interview = await server.InviteAsync("eu");
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("zh-CN", 320, 568, ColorScheme.Dark);
        var walk = await CandidateWalk.OpenAsync(context, interview.CandidateUrl + "&lang=en", "en-small-dark");

        await walk.SeeAsync("#welcome-parts li");
        await walk.EnterAsync("#welcome-go");
        await walk.TickAsync("#consent-text");
        await walk.LookAsync("consent");
        await walk.EnterAsync("#consent-go");
        await walk.SeeAsync("[data-view=ready] #question-facts");
        await walk.LookAsync("question-without-sound");
        await walk.EnterAsync("#question-skip");
        await walk.EnterAsync("#question-go");
        await walk.TabToAsync("#question-text");
        await walk.Page.Keyboard.TypeAsync(Written);
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=done]");
        await walk.EnterAsync("#question-go");
        await walk.EnterAsync("#question-skip");
        await walk.SeeAsync("[data-view=all]");
        var report = await ToTheReportAsync(walk, interview);

        walk.ShouldBeFaultless();
        HeardWords.Of(Questions(report)[1]).ShouldBe(Written);
        report.GetProperty("policy").GetProperty("permitted").EnumerateArray().Select(p => p.GetString()).ShouldBe(["Text"]);
    }

    [Fact]
    public async Task A_refused_camera_and_a_wrong_link_are_explained_with_what_to_do()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        var interview = await server.InviteAsync("default");
        await using var browser = await CandidateBrowser.StartAsync(server.Media, allows: false);
        await using var context = await browser.OpenAsync("en-GB", 390, 844);
        var walk = await CandidateWalk.OpenAsync(context, interview.CandidateUrl, "en-refused");

        await walk.SeeAsync("#welcome-parts li");
        await walk.EnterAsync("#welcome-go");
        foreach (var modality in (string[])["audio", "video"])
            await walk.TickAsync($"#consent-{modality}");
        await walk.EnterAsync("#consent-go");
        await walk.EnterAsync("#devices-allow");
        await walk.SeeAsync("#devices-denied:not([hidden])");
        await walk.LookAsync("devices-refused");
        (await walk.Page.TextContentAsync("#devices-denied"))!.ShouldContain("left of the address, allow camera and microphone there");
        await walk.Page.GotoAsync(interview.CandidateUrl + "x");
        await walk.LookAsync("wrong-link");
        (await walk.Page.TextContentAsync("h1")).ShouldBe("This link does not open an interview");

        walk.Barriers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_window_takes_over_and_the_first_says_so()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        var interview = await server.InviteAsync("default");
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 700);
        var first = await CandidateWalk.OpenAsync(context, interview.CandidateUrl, "en-two-windows");
        await first.SeeAsync("#welcome-parts li");
        await first.EnterAsync("#welcome-go");
        await first.TickAsync("#consent-audio");
        await first.EnterAsync("#consent-go");
        await first.EnterAsync("#devices-allow");
        await first.SeeAsync("#check-network[data-state=ok]", 30);

        var second = await CandidateWalk.OpenAsync(context, interview.CandidateUrl, "en-two-windows");
        await second.SeeAsync("#welcome-parts li");
        await second.EnterAsync("#welcome-go");
        await second.EnterAsync("#devices-allow");
        await second.SeeAsync("#check-network[data-state=ok]", 30);
        await first.Page.BringToFrontAsync();
        await first.SeeAsync("#banner.lost", 30);
        await first.Page.WaitForFunctionAsync("() => document.getElementById('banner').textContent.includes('another window')");
        await first.LookAsync("taken-over");

        first.Barriers.ShouldBeEmpty();
    }

    /// <summary>Welcome, consent, devices and practice, up to the first question.</summary>
    private static async Task ToTheQuestionsAsync(CandidateWalk walk, string[] consents)
    {
        await walk.SeeAsync("#welcome-parts li");
        await walk.LookAsync("welcome");
        await walk.EnterAsync("#welcome-go");
        await walk.SeeAsync("#consent-list .choice");
        (await walk.Page.Locator("#consent-list input:checked").CountAsync()).ShouldBe(0, "nothing is ticked beforehand");
        await walk.LookAsync("consent");
        foreach (var modality in consents)
            await walk.TickAsync($"#consent-{modality}");
        await walk.LookAsync("consent-ticked");
        await walk.EnterAsync("#consent-go");
        await walk.SeeAsync("#devices-allow");
        await walk.LookAsync("devices-allow");
        await walk.EnterAsync("#devices-allow");
        await walk.SeeAsync("#check-network[data-state=ok]", 30);
        await walk.SeeAsync("#check-microphone[data-state=ok]");
        await walk.LookAsync("devices");
        await walk.EnterAsync("#devices-go");
        await walk.EnterAsync("#practice-record");
        await walk.SeeAsync("#practice-stop");
        await walk.LookAsync("practice-recording");
        await walk.EnterAsync("#practice-stop");
        await walk.SeeAsync("#practice-playback[src]");
        await walk.LookAsync("practice");
        await walk.EnterAsync("#practice-go");
        await walk.SeeAsync("[data-view=ready] #question-go:not([disabled])");
        await walk.LookAsync("question-ready");
    }

    private static async Task<JsonElement> ToTheReportAsync(CandidateWalk walk, CandidateInterview interview)
    {
        var ending = interview.ReportAsync(ReportLimit);
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("#receipt-answers li");
        await walk.LookAsync("receipt");
        return await ending;
    }

    private async Task LookAtTheLivePageAsync(CandidateBrowser browser, string language, int width, string name, ColorScheme scheme)
    {
        await using var context = await browser.OpenAsync(language, width, 700, scheme);
        var walk = await CandidateWalk.OpenAsync(context, server.ConsoleUrl, name);
        await walk.SeeAsync(".live-card .state.running");
        await walk.LookAsync("running");
        walk.ShouldBeFaultless();
    }

    private static List<JsonElement> Questions(JsonElement report) =>
        [.. report.GetProperty("stages").EnumerateArray().SelectMany(s => s.GetProperty("questions").EnumerateArray())];

    /// <summary>The microphone of the file never pauses, but the page sends it only between Start and Finish.</summary>
    private static void NothingWasHeardOutsideTheAnswers(JsonElement report, JsonElement question)
    {
        // An answer begins at the request, and its sound is let through a moment before it.
        const long ToleranceMs = 1000;
        var answer = question.GetProperty("attempts").EnumerateArray().Single();
        var (start, end) = (answer.GetProperty("startMs").GetInt64(), answer.GetProperty("endMs").GetInt64());
        report.GetProperty("quality").GetProperty("track").EnumerateArray()
            .Where(t => t.GetProperty("kind").GetString() == "speech")
            .Where(t => t.GetProperty("startMs").GetInt64() < start - ToleranceMs || t.GetProperty("endMs").GetInt64() > end + ToleranceMs)
            .Select(t => t.ToString())
            .ShouldBeEmpty($"the answer was from {start} to {end}");
    }
}
