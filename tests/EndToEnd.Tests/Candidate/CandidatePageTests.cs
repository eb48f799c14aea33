using System.Text.Json;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>The whole way of a candidate: link, page, WebRTC, interview, report. Pictures of every step are kept in artifacts/screenshots.</summary>
public sealed class CandidatePageTests(ITestOutputHelper output)
{
    private const string Written = "We offer the lunch menu for families. It costs 800 for flyers, and on Monday we count the guests.";

    // Most of it is the final pass behind whatever else this machine does.
    private static readonly TimeSpan ReportLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task By_keyboard_alone_a_candidate_comes_to_a_report_whose_transcript_is_what_was_said()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var scratch = new ScratchFolder();
        var media = await CandidateMedia.MakeAsync(scratch["media"]);
        using var server = await ServerProcess.StartAsync(scratch["data"]);
        var interview = await CandidateInterview.InviteAsync(server, scratch.Path, "en", "default");
        await using var browser = await CandidateBrowser.StartAsync(media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);

        var walk = await CandidateWalk.OpenAsync(context, interview.CandidateUrl, "en-desktop");
        await ToTheQuestionsAsync(walk, ["audio", "video", "transcript", "prosody", "face-presence", "text"]);
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("[data-view=answering]");
        // The recording goes round: two turns hold one of them whole, wherever the answer began in it.
        await Task.Delay(media.Turn * 2.2);
        await walk.SeeAsync("#captions-text:not(.muted)");
        await walk.LookAsync("question-answering");
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
        var ending = interview.ReportAsync(ReportLimit);
        await walk.EnterAsync("#question-go");
        await walk.SeeAsync("#receipt-answers li");
        await walk.LookAsync("receipt");
        var report = await ending;

        walk.Errors.ShouldBeEmpty();
        walk.Barriers.ShouldBeEmpty();
        var questions = report.GetProperty("stages").EnumerateArray().SelectMany(s => s.GetProperty("questions").EnumerateArray()).ToList();
        var heard = BestTurn(media.Words, Sentences(questions[0]));
        output.WriteLine($"one turn of the recording against the transcript: {heard}");
        heard.Rate.ShouldBeLessThan(0.25);
        Sentences(questions[1]).ShouldBe(Written);
        questions[2].GetProperty("attempts").GetArrayLength().ShouldBe(0);
        var picture = report.GetProperty("quality").GetProperty("picture");
        picture.GetProperty("pictureCount").GetInt32().ShouldBeGreaterThan(3);
        report.GetProperty("gaps").GetArrayLength().ShouldBe(0, report.GetProperty("gaps").ToString());
        NothingWasHeardOutsideTheAnswers(report, questions[0]);
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

    private static string Sentences(JsonElement question) =>
        string.Join(' ', question.GetProperty("answer").GetProperty("sentences").EnumerateArray().Select(s => s.GetProperty("text").GetString()));

    /// <summary>The part of what was heard that is nearest to one turn of the recording: the answer began and ended somewhere in it.</summary>
    private static WordErrorRate BestTurn(string spoken, string heard)
    {
        var reference = TranscriptNormalizer.Words(spoken);
        var words = TranscriptNormalizer.Words(heard);
        var best = WordErrorRate.Of(reference, []);
        for (var start = 0; start < words.Count; start++)
        {
            for (var length = reference.Count / 2; length <= reference.Count * 3 / 2 && start + length <= words.Count; length++)
            {
                var turn = WordErrorRate.Of(reference, [.. words.Skip(start).Take(length)]);
                best = turn.Errors < best.Errors ? turn : best;
            }
        }

        return best;
    }

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
