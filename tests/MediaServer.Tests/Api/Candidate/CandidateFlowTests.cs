using MediaScore.MediaServer.Tests.Support;

namespace MediaScore.MediaServer.Tests.Api.Candidate;

public sealed class CandidateFlowTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Text = "We offer the lunch menu at dinner price on two weekends and count the guests.";

    [Fact]
    public async Task An_invitation_asks_for_consent_and_says_what_will_be_asked_in_the_candidates_language()
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;

        var state = await candidate.StateAsync("?lang=zh-CN");

        state.GetProperty("state").GetString().ShouldBe("invited");
        state.GetProperty("consentPending").GetBoolean().ShouldBeTrue();
        state.GetProperty("title").GetString().ShouldBe("餐厅门店店长");
        state.GetProperty("language").GetString().ShouldBe("zh");
        state.GetProperty("speech").GetString().ShouldBe("en");
        state.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("mode").GetString()).ShouldBe(["video", "text", "voice"]);
        state.GetProperty("position").GetProperty("next").GetProperty("questionId").GetString().ShouldBe("late-dish-response");
        state.GetProperty("video").GetProperty("maxHeight").GetInt32().ShouldBe(480);
        state.GetProperty("whipUrl").GetString().ShouldBe($"/interviews/{candidate.InterviewId}/whip");
        var expression = state.GetProperty("modalities").EnumerateArray().Single(m => m.GetProperty("modality").GetString() == "expression");
        expression.GetProperty("allowed").GetBoolean().ShouldBeFalse();
        expression.GetProperty("requires").GetString().ShouldBe("video");
        (await candidate.RefusedStageAsync("begin", "late-dish", "late-dish-response")).ShouldBe("consent-pending");
    }

    [Fact]
    public async Task Consent_settles_what_is_recorded_and_can_be_changed_until_the_first_answer()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;

        await candidate.ConsentAsync("audio", "transcript", "gaze", "expression");
        var settled = await candidate.ConsentAsync("text", "gaze");

        settled.GetProperty("state").GetString().ShouldBe("ready");
        settled.GetProperty("consent").EnumerateArray().Select(m => m.GetString()).ShouldBe(["gaze", "text"]);
        // Gaze without pictures is nothing, and neither sound nor pictures were consented to.
        settled.GetProperty("permitted").EnumerateArray().Select(m => m.GetString()).ShouldBe(["text"]);
        settled.GetProperty("mediaNeeded").GetBoolean().ShouldBeFalse();

        await candidate.StageAsync("begin", "late-dish", "late-dish-response");

        var late = await candidate.PostAsync("consent", new { modalities = new[] { "audio" } });
        CandidateCaller.Refused(late, 409).ShouldBe("consent-settled");
        // A second click on the same choice is none.
        (await candidate.ConsentAsync("gaze", "text")).GetProperty("state").GetString().ShouldBe("running");
        var session = server.Host.Registry.Find(candidate.InterviewId)!.Session!;
        session.Settings.Permitted.ShouldBe(Timeline.Modality.Text);
    }

    [Fact]
    public async Task A_page_that_comes_before_the_recording_was_read_again_hears_where_the_interview_stands()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("text");
        await candidate.StageAsync("begin", "weekend-promotion", "weekend-promotion-plan");

        // As a process that has just started: the row says "running", the session is not open yet.
        await server.Host.Registry.Find(candidate.InterviewId)!.CloseSessionAsync();
        var state = await candidate.StateAsync();

        state.GetProperty("position").GetProperty("open").GetProperty("questionId").GetString().ShouldBe("weekend-promotion-plan");
    }

    [Fact]
    public async Task Without_any_media_the_whole_interview_is_led_through_in_writing()
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;
        await candidate.ConsentAsync("text");

        // What cannot be answered is left out by beginning what comes after it.
        (await candidate.StageAsync("begin", "weekend-promotion", "weekend-promotion-plan")).ShouldBeInRange(1490, 1500);
        var open = (await candidate.StateAsync()).GetProperty("position");
        var written = await candidate.PostAsync("written-answer", new { stageId = "weekend-promotion", questionId = "weekend-promotion-plan", attempt = 1, text = Text });
        var after = (await candidate.StateAsync()).GetProperty("position");
        var ended = CandidateCaller.Done(await candidate.PostAsync("end", new { }));

        open.GetProperty("open").GetProperty("questionId").GetString().ShouldBe("weekend-promotion-plan");
        open.GetProperty("open").GetProperty("secondsLeft").GetDouble().ShouldBeInRange(1400, 1500);
        CandidateCaller.Done(written);
        after.GetProperty("open").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        after.GetProperty("next").GetProperty("questionId").GetString().ShouldBe("falling-results-talk");
        after.GetProperty("attempts").GetProperty("weekend-promotion-plan").GetInt32().ShouldBe(1);
        ended.GetProperty("state").GetString().ShouldBeOneOf("finishing", "finished");
        ended.GetProperty("position").GetProperty("over").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_written_answer_is_on_disk_when_it_is_answered()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("text");

        CandidateCaller.Done(await candidate.PostAsync("written-answer", new { stageId = "weekend-promotion", questionId = "weekend-promotion-plan", attempt = 1, text = Text }));

        using var recording = server.Host.Parts.Reports.OpenRecording(candidate.InterviewId)!;
        recording.ReadAll().Count(e => e.IsPacket && System.Text.Encoding.UTF8.GetString(e.Packet.Payload.Span).Contains(Text, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Spoken_answers_wait_for_media_and_written_ones_do_not()
    {
        var server = shared.Require();
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("audio", "video", "text");

        (await candidate.RefusedStageAsync("begin", "late-dish", "late-dish-response")).ShouldBe("media-not-connected");
        // Refused before anything began: consent can still be changed.
        await candidate.ConsentAsync("audio", "text");
        using var media = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await media.SendSilenceAsync(0, 1);
        await media.ReadUntilDurableAsync(0.9);
        (await candidate.StageAsync("begin", "late-dish", "late-dish-response")).ShouldBeInRange(170, 180);
        media.Dispose();

        (await candidate.StageAsync("begin", "weekend-promotion", "weekend-promotion-plan")).ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task A_double_click_is_one_click()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("text");
        var answer = new { stageId = "weekend-promotion", questionId = "weekend-promotion-plan", attempt = 1, text = Text };

        var begins = await Task.WhenAll(candidate.StageAsync("begin", "late-dish", "late-dish-response"), candidate.StageAsync("begin", "late-dish", "late-dish-response"));
        await candidate.StageAsync("end", "late-dish", "late-dish-response");
        await candidate.StageAsync("end", "late-dish", "late-dish-response");
        var writes = await Task.WhenAll(candidate.PostAsync("written-answer", answer), candidate.PostAsync("written-answer", answer));
        var history = server.Host.Registry.Find(candidate.InterviewId)!.Session!.ControlHistory;
        var ends = await Task.WhenAll(candidate.PostAsync("end", new { }), candidate.PostAsync("end", new { }));

        begins.ShouldAllBe(left => left > 170);
        writes.ShouldAllBe(w => w.Status == 200);
        ends.ShouldAllBe(e => e.Status == 200);
        history.Count(e => e is { Begins: true, QuestionId: "late-dish-response" }).ShouldBe(1);
        history.Count(e => e is { Begins: false, Text: null, QuestionId: "late-dish-response" }).ShouldBe(1);
        history.Count(e => e.Text is not null).ShouldBe(1);
    }

    [Theory]
    [InlineData("begin", "nowhere", "late-dish-response", 1, "unknown-stage")]
    [InlineData("begin", "late-dish", "nothing", 1, "unknown-question")]
    [InlineData("begin", "late-dish", "late-dish-response", 2, "attempt-out-of-order")]
    [InlineData("end", "late-dish", "late-dish-response", 1, "no-open-answer")]
    public async Task What_does_not_fit_the_plan_is_refused_with_the_flows_reason(string kind, string stage, string question, int attempt, string problem)
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;
        await candidate.ConsentAsync("text");

        (await candidate.RefusedStageAsync(kind, stage, question, attempt)).ShouldBe(problem);
    }

    [Fact]
    public async Task No_question_can_be_gone_back_to_and_a_take_more_than_the_plan_allows_is_refused()
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;
        await candidate.ConsentAsync("text");

        await candidate.StageAsync("begin", "late-dish", "late-dish-response");
        await candidate.StageAsync("begin", "late-dish", "late-dish-response", 2);
        (await candidate.RefusedStageAsync("begin", "late-dish", "late-dish-response", 3)).ShouldBe("no-attempts-left");
        await candidate.StageAsync("begin", "falling-results", "falling-results-talk");
        (await candidate.RefusedStageAsync("begin", "late-dish", "late-dish-response", 3)).ShouldBe("wrong-order");
        var written = await candidate.PostAsync("written-answer", new { stageId = "falling-results", questionId = "falling-results-talk", attempt = 1, text = Text });
        CandidateCaller.Refused(written, 409).ShouldBe("wrong-mode");
    }

    [Fact]
    public async Task Nothing_in_writing_is_kept_without_consent_to_it()
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;
        await candidate.ConsentAsync();

        var written = await candidate.PostAsync("written-answer", new { stageId = "weekend-promotion", questionId = "weekend-promotion-plan", attempt = 1, text = Text });

        CandidateCaller.Refused(written, 409).ShouldBe("not-permitted");
    }

    [Fact]
    public async Task An_answer_ends_a_quarter_of_a_second_after_the_click_so_that_its_last_word_is_in_it()
    {
        var server = shared.Require();
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("audio");
        using var media = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        // Ahead of any clock of this test: now is where the sound has come to.
        await media.SendSilenceAsync(0, 30);
        await media.ReadUntilDurableAsync(29.9);

        await candidate.StageAsync("begin", "late-dish", "late-dish-response");
        await candidate.StageAsync("end", "late-dish", "late-dish-response");

        var history = server.Host.Registry.Find(interview.InterviewId)!.Session!.ControlHistory;
        (history[1].Time - history[0].Time).ShouldBe(TimeSpan.FromMilliseconds(250));
    }
}
