using System.Net.Http.Headers;
using System.Text;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Ingress.Whip;

/// <summary>Status codes and fields of RFC 9725, as far as they need no media.</summary>
public sealed class WhipRuleTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_no_token_is_told_how_to_show_one_and_a_wrong_one_opens_nothing()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        var other = await server.CreateAsync();

        using var none = await SendAsync(server, HttpMethod.Post, Path(interview), body: "v=0");
        using var wrong = await SendAsync(server, HttpMethod.Post, Path(interview), Token(other), "v=0");
        using var nowhere = await SendAsync(server, HttpMethod.Post, "/interviews/nobody/whip", Token(interview), "v=0");
        using var deleting = await SendAsync(server, HttpMethod.Delete, Path(interview) + "/abc", Token(other));

        ((int)none.StatusCode).ShouldBe(401);
        none.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        ((int)wrong.StatusCode).ShouldBe(403);
        ((int)nowhere.StatusCode).ShouldBe(404);
        ((int)deleting.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task The_link_is_exchanged_for_a_cookie_that_reaches_no_other_interview()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();

        using var exchange = await SendAsync(server, HttpMethod.Get, $"{Path(interview)}?token={Token(interview)}");
        var cookie = exchange.Headers.GetValues("Set-Cookie").Single();
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(interview)) { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        using var with = await server.Http.SendAsync(request, Cancellation);
        using var wrong = await SendAsync(server, HttpMethod.Get, $"{Path(interview)}?token={interview.AccessToken}");

        ((int)exchange.StatusCode).ShouldBe(302);
        exchange.Headers.Location!.OriginalString.ShouldNotContain("token");
        cookie.ShouldContain($"path=/interviews/{interview.InterviewId};", Case.Insensitive);
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        ((int)with.StatusCode).ShouldBe(204);
        ((int)wrong.StatusCode).ShouldBe(403);
    }

    [Theory]
    [InlineData("application/json", "{}", 415, "content-type")]
    [InlineData("application/trickle-ice-sdpfrag", "v=0", 415, "content-type")]
    [InlineData("application/sdp", "this is no offer", 400, "bad-offer")]
    [InlineData("application/sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n", 422, "unacceptable-offer")]
    public async Task A_body_that_cannot_be_answered_is_refused_with_the_reason(string contentType, string body, int status, string problem)
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();

        using var answer = await SendAsync(server, HttpMethod.Post, Path(interview), Token(interview), body, contentType);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain($"urn:mediascore:problem:{problem}");
    }

    [Fact]
    public async Task A_body_of_more_than_64_KiB_is_not_read()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();

        using var most = await SendAsync(server, HttpMethod.Post, Path(interview), Token(interview), new string('x', 65_536));
        using var more = await SendAsync(server, HttpMethod.Post, Path(interview), Token(interview), new string('x', 65_537));

        ((int)most.StatusCode).ShouldBe(400);
        ((int)more.StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task Consent_comes_before_media()
    {
        var server = shared.Require();
        var invitation = await server.CreateAsync(r =>
        {
            r.Consent.Clear();
            r.CandidateConsents = true;
        });
        var voiceless = await server.CreateAsync(r =>
        {
            r.Consent.Clear();
            r.Consent.Add(Modality.Text);
        });

        using var pending = await SendAsync(server, HttpMethod.Post, Path(invitation), Token(invitation), "v=0");
        using var nothing = await SendAsync(server, HttpMethod.Post, Path(voiceless), Token(voiceless), "v=0");

        ((int)pending.StatusCode).ShouldBe(409);
        (await pending.Content.ReadAsStringAsync(Cancellation)).ShouldContain("consent-pending");
        ((int)nothing.StatusCode).ShouldBe(409);
        (await nothing.Content.ReadAsStringAsync(Cancellation)).ShouldContain("no-media-permitted");
    }

    [Fact]
    public async Task GET_and_HEAD_are_empty_and_what_is_left_is_not_allowed()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();

        foreach (var path in new[] { Path(interview), Path(interview) + "/abc" })
        {
            using var get = await SendAsync(server, HttpMethod.Get, path, Token(interview));
            using var head = await SendAsync(server, HttpMethod.Head, path, Token(interview));
            using var put = await SendAsync(server, HttpMethod.Put, path, Token(interview), "v=0");

            // RFC 9725, 4.1: an empty 2xx.
            ((int)get.StatusCode).ShouldBe(204);
            ((int)head.StatusCode).ShouldBe(204);
            ((int)put.StatusCode).ShouldBe(405);
            put.Content.Headers.Allow.ShouldContain(path == Path(interview) ? "POST" : "PATCH");
        }
    }

    [Fact]
    public async Task OPTIONS_says_what_is_taken_and_lets_in_the_configured_origins_only()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Whip:AllowedOrigins:0", "https://careers.example.com"));
        var interview = await server.CreateAsync();

        using var plain = await SendAsync(server, HttpMethod.Options, Path(interview));
        using var preflight = await PreflightAsync("https://careers.example.com");
        using var foreign = await PreflightAsync("https://evil.example.com");

        ((int)plain.StatusCode).ShouldBe(200);
        plain.Headers.GetValues("Accept-Post").ShouldBe(["application/sdp"]);
        plain.Headers.GetValues("Accept-Patch").ShouldBe(["application/trickle-ice-sdpfrag"]);
        ((int)preflight.StatusCode).ShouldBe(200);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://careers.example.com"]);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("If-Match");
        preflight.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldBe("Location, ETag, Link, Accept-Patch, Retry-After");
        preflight.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        foreign.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();

        Task<HttpResponseMessage> PreflightAsync(string origin)
        {
            var request = new HttpRequestMessage(HttpMethod.Options, Path(interview));
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            return server.Http.SendAsync(request, Cancellation);
        }
    }

    [Fact]
    public async Task A_session_that_is_gone_is_not_found_and_may_be_deleted_again()
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();

        using var patch = await SendAsync(server, HttpMethod.Patch, Path(interview) + "/gone", Token(interview), "a=ice-ufrag:x", "application/trickle-ice-sdpfrag");
        using var delete = await SendAsync(server, HttpMethod.Delete, Path(interview) + "/gone", Token(interview));

        ((int)patch.StatusCode).ShouldBe(404);
        ((int)delete.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task A_full_machine_and_a_hasty_address_are_told_when_to_ask_again()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(
            null, ("Admission:MaxInterviews", "1"), ("Admission:RetryAfterSeconds", "7"), ("Whip:RequestsPerMinutePerAddress", "3"));
        var invitation = await server.CreateAsync(r =>
        {
            r.Consent.Clear();
            r.CandidateConsents = true;
        });
        await server.Host.Conductor.SetConsentAsync(server.Host.Registry.Find(invitation.InterviewId)!, Timeline.Modality.Audio, Cancellation);
        await server.CreateAsync();

        using var full = await SendAsync(server, HttpMethod.Post, Path(invitation), Token(invitation), "v=0");
        using var second = await SendAsync(server, HttpMethod.Post, Path(invitation), Token(invitation), "v=0");
        using var third = await SendAsync(server, HttpMethod.Post, Path(invitation), Token(invitation), "v=0");
        using var fourth = await SendAsync(server, HttpMethod.Post, Path(invitation), Token(invitation), "v=0");

        ((int)full.StatusCode).ShouldBe(503);
        full.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(7, 9);
        ((int)third.StatusCode).ShouldBe(503);
        ((int)fourth.StatusCode).ShouldBe(429);
        fourth.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(0);
    }

    private static string Path(CreateInterviewResponse interview) => $"/interviews/{interview.InterviewId}/whip";

    private static string Token(CreateInterviewResponse interview) => interview.CandidateUrl.Split("token=")[1];

    private static Task<HttpResponseMessage> SendAsync(
        TestServer server, HttpMethod method, string path, string? token = null, string? body = null, string contentType = "application/sdp")
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        return server.Http.SendAsync(request, Cancellation);
    }
}
