using System.Net.Http.Headers;
using System.Text;
using MediaScore.MediaServer.Tests.Support;

namespace MediaScore.MediaServer.Tests.Api.Candidate;

public sealed class CandidateSecurityTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly string[] Reads = ["state", "events", "receipt"];
    private static readonly string[] Changes = ["consent", "stage", "written-answer", "end"];

    [Fact]
    public async Task Every_endpoint_needs_the_token_of_its_own_interview()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        var (other, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        using var _other = other;

        foreach (var path in Reads.Concat(Changes))
        {
            (await StatusAsync(server, candidate, path, other.Token)).ShouldBe(403, path);
            (await StatusAsync(server, candidate, path, null)).ShouldBe(401, path);
        }
    }

    [Fact]
    public async Task The_candidates_token_does_not_open_the_report()
    {
        var server = shared.Require();
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/interviews/{interview.InterviewId}/report.json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", candidate.Token);
        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(403);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    public async Task A_page_of_another_site_changes_nothing(string header, string value, int status)
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;
        using var request = Json("consent", """{"modalities":["text"]}""");
        request.Headers.Add(header, value);

        using var answer = await candidate.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        (await candidate.StateAsync()).GetProperty("consentPending").GetBoolean().ShouldBe(status != 200);
    }

    [Fact]
    public async Task A_page_of_this_server_is_let_in_by_its_origin()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        using var request = Json("consent", """{"modalities":["text"]}""");
        request.Headers.Add("Origin", server.Host.Addresses.Http);

        using var answer = await candidate.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData("consent", """{"modalities":["smell"]}""", 400)]
    [InlineData("consent", """{"modalities":null}""", 400)]
    [InlineData("consent", "{}", 400)]
    [InlineData("consent", "null", 400)]
    [InlineData("consent", "{", 400)]
    [InlineData("stage", """{"kind":"pause","stageId":"a","questionId":"b","attempt":1}""", 400)]
    [InlineData("stage", """{"kind":"begin","stageId":"a","questionId":"b"}""", 400)]
    [InlineData("written-answer", """{"stageId":"a","questionId":"b","attempt":1}""", 400)]
    public async Task A_body_that_is_not_what_is_expected_is_refused_with_a_problem(string path, string body, int status)
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;

        using var answer = await candidate.SendAsync(Json(path, body));

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_form_of_another_site_is_no_JSON_and_a_huge_body_is_not_read()
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;

        foreach (var path in Changes)
        {
            using var form = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.UTF8, "text/plain") };
            using var refused = await candidate.SendAsync(form);
            ((int)refused.StatusCode).ShouldBe(415, path);
        }

        using var huge = await candidate.SendAsync(Json("written-answer", $$"""{"stageId":"weekend-promotion","questionId":"weekend-promotion-plan","attempt":1,"text":"{{new string('x', 300_000)}}"}"""));
        ((int)huge.StatusCode).ShouldBe(413);
    }

    [Fact]
    public async Task Wrong_tokens_are_answered_with_429_after_a_while_and_other_interviews_are_not_shut_out()
    {
        var server = shared.Require();
        var (candidate, _) = await CandidateCaller.InviteAsync(server);
        var (other, _) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        using var _other = other;

        var statuses = new List<int>();
        for (var i = 0; i < 25; i++)
            statuses.Add(await StatusAsync(server, candidate, "state", new string('A', 43)));

        statuses.Take(20).ShouldAllBe(s => s == 403);
        statuses[^1].ShouldBe(429);
        (await other.StateAsync()).GetProperty("state").GetString().ShouldBe("invited");
    }

    [Fact]
    public async Task A_script_that_asks_without_end_is_slowed_down()
    {
        var (candidate, _) = await CandidateCaller.InviteAsync(shared.Require());
        using var _candidate = candidate;

        var statuses = new List<int>();
        for (var i = 0; i < 400 && !statuses.Contains(429); i++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => candidate.SendAsync(new HttpRequestMessage(HttpMethod.Get, "state"))));
            foreach (var answer in answers)
            {
                statuses.Add((int)answer.StatusCode);
                if (statuses[^1] == 429)
                    answer.Headers.RetryAfter.ShouldNotBeNull();
                answer.Dispose();
            }
        }

        statuses.Take(16).ShouldAllBe(s => s == 200);
        statuses.ShouldContain(429);
    }

    [Fact]
    public async Task The_candidates_page_may_script_and_record_and_a_report_may_not()
    {
        var server = shared.Require();
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/interviews/{interview.InterviewId}");
        request.Headers.Add("Cookie", $"mediascore-candidate={candidate.Token}");

        using var page = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        using var index = await server.Http.GetAsync("/", TestContext.Current.CancellationToken);

        ((int)page.StatusCode).ShouldBe(200);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("connect-src 'self'");
        policy.ShouldContain("media-src 'self' blob:");
        policy.ShouldContain("frame-ancestors 'none'");
        page.Headers.GetValues("Permissions-Policy").Single().ShouldContain("camera=(self), microphone=(self)");
        index.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("script-src");
        index.Headers.GetValues("Permissions-Policy").Single().ShouldContain("camera=(), microphone=()");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("http", false)]
    [InlineData("https", true)]
    [InlineData("HTTPS, http", true)]
    public async Task Behind_a_proxy_with_TLS_every_cookie_is_good_for_HTTPS_only(string? forwarded, bool secure)
    {
        var server = shared.Require();
        var interview = await server.CreateAsync();
        var links = new[]
        {
            new Uri(interview.CandidateUrl).PathAndQuery, $"/interviews/{interview.InterviewId}/report?token={interview.AccessToken}", $"/console/live?token={server.Host.ConsoleToken}",
        };

        foreach (var link in links)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, link);
            if (forwarded is not null)
                request.Headers.Add("X-Forwarded-Proto", forwarded);
            using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            answer.Headers.GetValues("Set-Cookie").Single().Contains("; secure", StringComparison.OrdinalIgnoreCase).ShouldBe(secure, link);
        }
    }

    private static HttpRequestMessage Json(string path, string body) => new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static async Task<int> StatusAsync(TestServer server, CandidateCaller candidate, string path, string? token)
    {
        using var request = Changes.Contains(path) ? Json(path, "{}") : new HttpRequestMessage(HttpMethod.Get, path);
        request.RequestUri = new Uri($"/interviews/{candidate.InterviewId}/candidate/{path}", UriKind.Relative);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
