using System.Text.Json;
using Grpc.Core;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Ingress;

public sealed class InterviewLifeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task An_interview_goes_from_its_first_packet_to_a_report_that_replays_to_the_same_bytes()
    {
        var server = shared.Require();
        Assert.SkipWhen(TestSound.SpeechFile is null, SharedTestData.SkipReason);
        var interview = await server.CreateAsync();

        var captions = await HoldAsync(server, interview);
        var transcript = await server.Client.GetTranscriptAsync(new GetTranscriptRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });
        var report = await server.Client.GetReportAsync(new GetReportRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });
        var replayed = new StringWriter();
        var exit = await CliApplication.RunAsync(
            ["replay", interview.InterviewId, "--data", server.DataFolder, "--json"], replayed, TextWriter.Null, TestContext.Current.CancellationToken);

        captions.ShouldNotBeEmpty();
        transcript.Utterances.Where(u => u.Text.Length > 0).Select(u => u.Text).ShouldBe(captions);
        transcript.Utterances.ShouldAllBe(u => u.Text.Length == 0 || (u.Words.Count > 0 && u.Model.Id == "moonshine-tiny-en"));
        using var json = JsonDocument.Parse(report.Content.Memory);
        json.RootElement.GetProperty("interview").GetProperty("id").GetString().ShouldBe(interview.InterviewId);
        json.RootElement.GetRawText().ShouldContain("Half price on Saturday");
        exit.ShouldBe(0);
        JsonDocument.Parse(replayed.ToString()).RootElement.GetProperty("sameBytes").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Its_page_wants_the_secret_once_and_plays_clips_under_a_policy_without_scripts()
    {
        var server = shared.Require();
        Assert.SkipWhen(TestSound.SpeechFile is null, SharedTestData.SkipReason);
        var interview = await server.CreateAsync();
        await HoldAsync(server, interview);
        var path = $"/interviews/{interview.InterviewId}";

        using var bare = await GetAsync(server, path + "/report");
        using var wrong = await GetAsync(server, path + "/report?token=" + new string('A', 43));
        using var unknown = await GetAsync(server, "/interviews/nobody/report");
        using var exchange = await GetAsync(server, path + "/report?token=" + interview.AccessToken);
        var cookie = exchange.Headers.GetValues("Set-Cookie").Single();
        using var page = await GetAsync(server, path + "/report", cookie.Split(';')[0]);
        using var json = await GetAsync(server, path + "/report.json", cookie.Split(';')[0]);
        using var clip = await GetAsync(server, path + "/clips/0-1500.webm", cookie.Split(';')[0]);
        using var behind = await GetAsync(server, path + "/clips/3600000-3610000.webm", cookie.Split(';')[0]);
        using var overflow = await GetAsync(server, path + "/clips/9223372036854775000-9223372036854775807.webm", cookie.Split(';')[0]);
        using var tooLong = await GetAsync(server, path + "/clips/0-99999999.webm", cookie.Split(';')[0]);

        ((int)bare.StatusCode).ShouldBe(403);
        bare.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        ((int)wrong.StatusCode).ShouldBe(403);
        ((int)unknown.StatusCode).ShouldBe(404);
        ((int)exchange.StatusCode).ShouldBe(302);
        exchange.Headers.Location!.OriginalString.ShouldNotContain("token");
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain($"path={path}", Case.Insensitive);
        ((int)page.StatusCode).ShouldBe(200);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldNotContain("script-src");
        (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"nonce=\"{policy.Split("nonce-")[1].Split('\'')[0]}\"");
        json.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        ((int)clip.StatusCode).ShouldBe(200);
        var webm = await clip.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        webm[..4].ShouldBe<byte>([0x1A, 0x45, 0xDF, 0xA3]); // EBML (RFC 8794)
        ((int)tooLong.StatusCode).ShouldBe(400);
        ((int)overflow.StatusCode).ShouldBe(400);
        ((int)behind.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task A_stream_that_stops_without_an_end_goes_on_in_another_one()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using (var first = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm))
        {
            await first.SendMarkerAsync("late-dish", "late-dish-response", 0, begins: true);
            await first.SendSilenceAsync(0, 1);
            await first.ReadUntilDurableAsync(0.9);
            await first.CloseAsync();
            while (await first.ReadAsync() is not null)
            {
            }
        }

        using var second = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        second.NextAudio = second.Ready!.ResumeAt.Single(p => p.Track == Track.Audio).NextSequence;
        second.NextControl = second.Ready.ResumeAt.Single(p => p.Track == Track.Control).NextSequence;
        await second.SendSilenceAsync(1, 0.5);
        await second.SendMarkerAsync("late-dish", "late-dish-response", 1.5, begins: false);
        await second.SendEndAsync(1.5);
        var ready = await second.ReadUntilAsync(ServerMessage.MessageOneofCase.ReportReady);

        second.Ready.Resumed.ShouldBeTrue();
        second.NextAudio.ShouldBe(15UL);
        ready.ReportReady.Path.ShouldBe($"/interviews/{interview.InterviewId}/report");
        ready.ReportReady.Url.ShouldStartWith(server.Host.Addresses.Http);
    }

    [Fact]
    public async Task Nothing_is_taken_after_the_end()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        using (var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm))
        {
            await caller.SendSilenceAsync(0, 0.2);
            await caller.SendEndAsync(0.2);
            await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.ReportReady);
        }

        using var late = MediaCaller.Open(server);
        await late.SendStartAsync(interview.InterviewId, interview.AccessToken, MediaCaller.Pcm);
        var fault = await late.ReadFaultAsync();

        fault.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        fault.Status.Detail.ShouldContain("already ended");
    }

    [Fact]
    public async Task A_track_without_consent_is_neither_recorded_nor_refused_but_said()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync(r => r.Consent.Remove(Modality.Video));
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm, MediaCaller.Vp8);

        await caller.SendAsync(new ClientMessage { Packet = new MediaPacket { Track = Track.Video, Payload = Google.Protobuf.ByteString.CopyFrom(new byte[50]) } });
        var warning = await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.Warning);

        warning.Warning.Kind.ShouldBe(WarningKind.NotPermitted);
    }

    /// <summary>Speaks one utterance, writes one answer, ends; waits for the report.</summary>
    private static async Task<List<string>> HoldAsync(TestServer server, CreateInterviewResponse interview)
    {
        var pieces = await TestSound.ReadSpeechAsync();
        using var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await caller.SendMarkerAsync("late-dish", "late-dish-response", 0, begins: true);
        for (var i = 0; i < pieces.Count; i++)
            await caller.SendAudioAsync(pieces[i], i * 100_000L);
        var end = pieces.Count / 10.0;
        await caller.SendSilenceAsync(end, 1);
        await caller.SendMarkerAsync("late-dish", "late-dish-response", end + 1, begins: false);
        await caller.SendWrittenAsync("weekend-promotion", "weekend-promotion-plan", end + 1, "Half price on Saturday brings 200 more guests. It costs 900 euros.");
        await caller.SendEndAsync(end + 1);
        var captions = new List<string>();
        while (await caller.ReadAsync() is { } message && message.ReportReady is null)
        {
            if (message.Caption is { } caption)
                captions.Add(caption.Text);
        }

        return captions;
    }

    private static Task<HttpResponseMessage> GetAsync(TestServer server, string path, string? cookie = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
