using MediaScore.MediaServer.Api.Candidate;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.WebRtc;
using Microsoft.Extensions.DependencyInjection;

namespace MediaScore.MediaServer.Tests.Api.Candidate;

public sealed class CandidateEventTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Text = "We offer the lunch menu at dinner price on two weekends and count the guests.";

    [Fact]
    public async Task Stages_and_what_is_safe_reach_every_subscriber_whatever_the_transport()
    {
        var server = shared.Require();
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("audio");
        // One is there before any session, as a page is.
        await using var page = await candidate.ListenAsync();
        await using var second = await candidate.ListenAsync();
        using var media = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);

        await candidate.StageAsync("begin", "late-dish", "late-dish-response");
        await media.SendSilenceAsync(0, 3);

        foreach (var subscriber in new[] { page, second })
        {
            var began = await subscriber.UntilAsync("stage", s => s.GetProperty("active").GetBoolean());
            began.GetProperty("questionId").GetString().ShouldBe("late-dish-response");
            began.GetProperty("secondsLeft").GetDouble().ShouldBeInRange(150, 180);
            (await subscriber.UntilAsync("safe", s => s.GetProperty("ms").GetInt64() >= 2_900)).GetProperty("ms").GetInt64().ShouldBeLessThan(3_100);
        }
    }

    [Fact]
    public async Task The_connection_is_reported_each_second_until_it_is_gone()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("audio");
        await using var page = await candidate.ListenAsync();
        var interview = server.Host.Registry.Find(candidate.InterviewId)!;
        var connection = new FakeCandidateConnection();
        connection.Set(RtcState.Connecting, audioPackets: 0, audioLost: 0);
        interview.Candidate = connection;
        await page.UntilAsync("connection", c => c.GetProperty("state").GetString() == "connecting");
        (await candidate.StateAsync()).GetProperty("mediaConnected").GetBoolean().ShouldBeFalse();
        (await candidate.RefusedStageAsync("begin", "late-dish", "late-dish-response")).ShouldBe("media-not-connected");

        connection.Set(RtcState.Connected, audioPackets: 45, audioLost: 5);
        var connected = await page.UntilAsync("connection", c => c.GetProperty("state").GetString() == "connected");
        await candidate.StageAsync("begin", "late-dish", "late-dish-response");
        interview.Leave(connection);
        await page.UntilAsync("connection", c => c.GetProperty("state").GetString() == "closed");

        connected.GetProperty("lossPercent").GetDouble().ShouldBe(10);
        connected.GetProperty("rttMs").GetDouble().ShouldBe(31);
        connected.GetProperty("jitterMs").GetDouble().ShouldBe(4);
    }

    [Fact]
    public async Task Captions_arrive()
    {
        var server = shared.Require();
        Assert.SkipWhen(TestSound.SpeechFile is null, "Needs MEDIASCORE_TEST_DATA.");
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("audio", "transcript");
        await using var page = await candidate.ListenAsync();
        using var media = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await candidate.StageAsync("begin", "late-dish", "late-dish-response");

        var sound = await TestSound.ReadSpeechAsync();
        for (var i = 0; i < sound.Count; i++)
            await media.SendAudioAsync(sound[i], i * 100_000L);
        await media.SendSilenceAsync(sound.Count / 10.0, 2);

        var caption = await page.UntilAsync("caption");
        caption.GetProperty("text").GetString().ShouldNotBeNullOrWhiteSpace();
        caption.GetProperty("endMs").GetInt64().ShouldBeGreaterThan(caption.GetProperty("startMs").GetInt64());
    }

    [Fact]
    public async Task The_stream_says_that_the_interview_is_finished_and_ends_and_the_next_one_is_told_not_to_come_again()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("text");
        await using var page = await candidate.ListenAsync();
        CandidateCaller.Done(await candidate.PostAsync("written-answer", new { stageId = "weekend-promotion", questionId = "weekend-promotion-plan", attempt = 1, text = Text }));

        CandidateCaller.Done(await candidate.PostAsync("end", new { }));

        (await page.UntilAsync("finished")).GetProperty("state").GetString().ShouldBe("finished");
        (await page.MoreAsync()).ShouldBeFalse();
        using var again = await candidate.SendAsync(new HttpRequestMessage(HttpMethod.Get, "events"));
        ((int)again.StatusCode).ShouldBe(204);
        (await candidate.StateAsync()).GetProperty("state").GetString().ShouldBe("finished");
    }

    [Fact]
    public async Task Streams_of_one_interview_are_bounded_and_the_oldest_gives_way()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        // A server of its own: open streams are counted.
        await using var server = await TestServer.StartAsync();
        var streams = server.Host.Services.GetRequiredService<CandidateStreams>();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        var open = new List<EventReader>();
        try
        {
            for (var i = 0; i < 9; i++)
                open.Add(await candidate.ListenAsync());

            // Nothing comes of an interview that nobody has begun, so what ends is the stream.
            (await open[0].MoreAsync()).ShouldBeFalse();
            streams.Count.ShouldBe(8);
        }
        finally
        {
            foreach (var reader in open)
                await reader.DisposeAsync();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (streams.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }
}
