using System.Net;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc;
using Domain = MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Ingress.Whip;

/// <summary>The life of WHIP sessions whose media really come: our sender over real sockets.</summary>
public sealed class WhipSessionTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_offer_is_answered_with_a_session_of_its_own_that_can_be_deleted_twice()
    {
        await using var candidate = await Candidate.InviteAsync(shared.Require());

        var peer = await candidate.ConnectAsync(await CandidateMedia.SyntheticAsync());
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));
        var statistics = candidate.Interview.Candidate!.Statistics;
        var resource = peer.Whip.Resource!;
        var first = await peer.Whip.DeleteAsync(Cancellation);
        var second = await peer.Whip.DeleteAsync(Cancellation);
        await peer.Ended.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation);

        resource.AbsolutePath.ShouldStartWith(candidate.WhipPath + "/");
        resource.Segments[^1].Length.ShouldBe(22);
        peer.Whip.EntityTag.ShouldNotBeNull().ShouldStartWith("\"");
        statistics.State.ShouldBe(RtcState.Connected);
        (first.Status, second.Status).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
    }

    [Fact]
    public async Task Candidates_are_trickled_and_ICE_restarted_under_the_present_tag()
    {
        await using var candidate = await Candidate.InviteAsync(shared.Require());
        var whip = candidate.NewWhipClient();
        var offered = await whip.PostAsync(Offer("abcd", "0123456789012345678901"), Cancellation);
        var first = whip.EntityTag;

        using var none = await PatchAsync(Fragment("abcd", "0123456789012345678901"), null);
        using var stale = await PatchAsync(Fragment("abcd", "0123456789012345678901"), "\"stale\"");
        using var trickled = await PatchAsync(Fragment("abcd", "0123456789012345678901"), first);
        using var nonsense = await PatchAsync("this is no fragment", first);
        using var other = await PatchAsync(Fragment("abcd", "0123456789012345678901"), first, "application/sdp");
        var restarted = await whip.RestartIceAsync(Fragment("efgh", "9876543210987654321098"), Cancellation);
        using var outdated = await PatchAsync(Fragment("efgh", "9876543210987654321098"), first);
        using var again = await PatchAsync(Fragment("efgh", "9876543210987654321098"), whip.EntityTag);

        offered.Status.ShouldBe(HttpStatusCode.Created);
        ((int)none.StatusCode).ShouldBe(428);
        ((int)stale.StatusCode).ShouldBe(412);
        ((int)trickled.StatusCode).ShouldBe(204);
        trickled.Headers.ETag.ShouldBeNull();
        ((int)nonsense.StatusCode).ShouldBe(400);
        ((int)other.StatusCode).ShouldBe(415);
        restarted.Status.ShouldBe(HttpStatusCode.OK);
        restarted.Body.ShouldContain("a=ice-ufrag:");
        whip.EntityTag.ShouldNotBe(first);
        ((int)outdated.StatusCode).ShouldBe(412);
        ((int)again.StatusCode).ShouldBe(204);

        async Task<HttpResponseMessage> PatchAsync(string fragment, string? tag, string type = "application/trickle-ice-sdpfrag")
        {
            var request = new HttpRequestMessage(HttpMethod.Patch, whip.Resource) { Content = new StringContent(fragment) };
            request.Content.Headers.ContentType = new(type);
            request.Headers.Authorization = new("Bearer", candidate.Token);
            if (tag is not null)
                request.Headers.TryAddWithoutValidation("If-Match", tag);
            return await candidate.Server.Http.SendAsync(request, Cancellation);
        }
    }

    [Fact]
    public async Task Media_go_on_through_an_ICE_restart()
    {
        await using var candidate = await Candidate.InviteAsync(shared.Require());
        var peer = await candidate.ConnectAsync(await CandidateMedia.SyntheticAsync());
        var session = await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));

        var restarted = await peer.RestartIceAsync(Cancellation);
        await candidate.UntilDurableAsync(session.Durable.ToTimeSpan() + TimeSpan.FromSeconds(2));

        restarted.Status.ShouldBe(HttpStatusCode.OK);
        session.Observations.OfType<Domain.MediaGap>().ShouldBeEmpty();
        await peer.StopAsync(Cancellation);
    }

    [Fact]
    public async Task The_newest_page_wins_and_the_older_one_is_closed()
    {
        await using var candidate = await Candidate.InviteAsync(shared.Require());
        var options = await CandidateMedia.SyntheticAsync();
        var older = await candidate.ConnectAsync(options);
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));

        var newer = await candidate.ConnectAsync(options);
        await older.Ended.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation);
        var afterwards = await older.Whip.TrickleAsync("a=ice-ufrag:x\r\n", Cancellation);
        await candidate.UntilDurableAsync(candidate.Interview.Session!.Durable.ToTimeSpan() + TimeSpan.FromSeconds(1));

        afterwards.Status.ShouldBe(HttpStatusCode.NotFound);
        newer.Whip.Resource.ShouldNotBe(older.Whip.Resource);
        candidate.Interview.Candidate!.Statistics.State.ShouldBe(RtcState.Connected);
        await newer.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_track_without_consent_is_not_accepted()
    {
        await using var candidate = await Candidate.InviteAsync(shared.Require(), Domain.Modality.Audio);

        var start = await candidate.LoadPageAsync(await CandidateMedia.SyntheticAsync());
        var session = await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));

        start.Reply!.Body.ShouldContain("m=video 0 ");
        session.FormatOf(Recording.TrackKind.Video).ShouldBeNull();
        session.FormatOf(Recording.TrackKind.Audio).ShouldNotBeNull();
        await start.Peer!.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_recording_keeps_its_codec_over_page_loads()
    {
        await using var candidate = await Candidate.InviteAsync(shared.Require());
        var first = await candidate.ConnectAsync(await CandidateMedia.SyntheticVp8Async());
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));
        await first.CrashAsync();

        // This browser would rather send H.264, and the next one has nothing else.
        var second = await candidate.LoadPageAsync(await CandidateMedia.SyntheticVp8Async() with { Offer = new SenderOfferOptions { PrefersH264 = true } });
        var other = await candidate.LoadPageAsync(await CandidateMedia.SyntheticAsync() with { Offer = new SenderOfferOptions { OffersVp8 = false } });

        candidate.Interview.Session!.FormatOf(Recording.TrackKind.Video)!.Codec.ShouldBe(Recording.MediaCodec.Vp8);
        second.Error.ShouldBeNull();
        other.Reply!.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task One_address_has_so_many_connections_and_a_reload_is_none_more()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Whip:MaxConnectionsPerAddress", "1"));
        await using var one = await Candidate.InviteAsync(server);
        await using var two = await Candidate.InviteAsync(server);
        var options = await CandidateMedia.SyntheticAsync();
        await one.ConnectAsync(options);

        var refused = await two.LoadPageAsync(options);
        var reloaded = await one.LoadPageAsync(options);

        refused.Reply!.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(5));
        reloaded.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Whatever_ends_a_connection_nothing_of_it_is_left()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("WebRtc:ArrivalSeconds", "1"));
        await using var candidate = await Candidate.InviteAsync(server);
        var options = await CandidateMedia.SyntheticAsync();

        var byed = await candidate.ConnectAsync(options);
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(0.5));
        var first = candidate.Interview.Candidate!;
        await byed.StopAsync(Cancellation);
        await first.FinishAsync();
        var deleted = await candidate.ConnectAsync(options);
        var second = candidate.Interview.Candidate!;
        await deleted.Whip.DeleteAsync(Cancellation);
        await second.FinishAsync();
        var whip = candidate.NewWhipClient();
        await whip.PostAsync(Offer("abcd", "0123456789012345678901"), Cancellation); // and never comes
        await server.Host.WebRtc.Loop!.DisposeAsync();
        if (candidate.Interview.Candidate is { } third)
            await third.FinishAsync();

        server.Host.WhipResources.Count.ShouldBe(0);
        candidate.Interview.Candidate.ShouldBeNull();
        candidate.Interview.Session!.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_stops_takes_no_new_connection_and_closes_those_it_has()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync();
        await using var candidate = await Candidate.InviteAsync(server);
        await using var late = await Candidate.InviteAsync(server);
        var options = await CandidateMedia.SyntheticAsync();
        var peer = await candidate.ConnectAsync(options);
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(1));

        server.Host.Conductor.BeginStop();
        var refused = await late.LoadPageAsync(options);
        await server.Host.DisposeAsync();
        await peer.Ended.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation);

        refused.Reply!.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Reply.Body.ShouldContain("restarting");
        refused.Reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_by_name_and_the_rest_of_the_server_runs()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var taken = shared.Require().Host.WebRtc.Loop!.UdpEndPoints[0].Port;
        await using var server = await TestServer.StartAsync(null, ("WebRtc:UdpPort", taken.ToString()), ("WebRtc:TcpPort", "-1"));
        await using var candidate = await Candidate.InviteAsync(server);

        using var ready = await server.Http.GetAsync("/readyz", Cancellation);
        var start = await candidate.LoadPageAsync(await CandidateMedia.SyntheticAsync());

        ((int)ready.StatusCode).ShouldBe(503);
        (await ready.Content.ReadAsStringAsync(Cancellation)).ShouldContain($"UDP {taken}");
        start.Reply!.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static string Offer(string userFragment, string password) => SenderOffer.Write(
        new SenderOfferOptions(), new SenderOfferIds(1, userFragment, password, string.Join(':', Enumerable.Repeat("AB", 32)), "cname", 1, [2], [3]));

    private static string Fragment(string userFragment, string password) =>
        $"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=ice-ufrag:{userFragment}\r\na=ice-pwd:{password}\r\na=candidate:1 1 udp 2122260223 2001:db8::1 5000 typ host\r\n";
}
