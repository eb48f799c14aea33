using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>One candidate's page, as far as HTTP goes.</summary>
internal sealed class CandidateCaller : IDisposable
{
    private readonly HttpClient _http;

    private CandidateCaller(TestServer server, string interviewId, string token)
    {
        InterviewId = interviewId;
        Token = token;
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"{server.Host.Addresses.Http}/interviews/{interviewId}/candidate/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public string InterviewId { get; }

    public string Token { get; }

    public static CandidateCaller Of(TestServer server, CreateInterviewResponse interview) =>
        new(server, interview.InterviewId, new Uri(interview.CandidateUrl).Query["?token=".Length..]);

    /// <summary>An invitation: the candidate is asked for consent.</summary>
    public static async Task<(CandidateCaller Candidate, CreateInterviewResponse Interview)> InviteAsync(TestServer server, Action<CreateInterviewRequest>? change = null)
    {
        var interview = await server.CreateAsync(request =>
        {
            request.Consent.Clear();
            request.CandidateConsents = true;
            change?.Invoke(request);
        });
        return (Of(server, interview), interview);
    }

    public Task<JsonElement> StateAsync(string query = "") => GetAsync("state" + query);

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, TestContext.Current.CancellationToken);

    public async Task<(int Status, JsonElement Body)> PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text.Length > 0 ? JsonDocument.Parse(text).RootElement : default);
    }

    public async Task<JsonElement> ConsentAsync(params string[] modalities) => Done(await PostAsync("consent", new { modalities }));

    public async Task<double> StageAsync(string kind, string stageId, string questionId, int attempt = 1) =>
        Done(await PostAsync("stage", new { kind, stageId, questionId, attempt })).GetProperty("secondsLeft").GetDouble();

    public async Task<string> RefusedStageAsync(string kind, string stageId, string questionId, int attempt = 1) =>
        Refused(await PostAsync("stage", new { kind, stageId, questionId, attempt }), 409);

    /// <returns>The last part of the problem's type.</returns>
    public static string Refused((int Status, JsonElement Body) answer, int status)
    {
        answer.Status.ShouldBe(status, answer.Body.ToString());
        return answer.Body.GetProperty("type").GetString()!["urn:mediascore:problem:".Length..];
    }

    public static JsonElement Done((int Status, JsonElement Body) answer)
    {
        answer.Status.ShouldBe(200, answer.Body.ToString());
        return answer.Body;
    }

    /// <summary>Subscribes, and returns once the stream is open.</summary>
    public async Task<EventReader> ListenAsync()
    {
        var answer = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "events"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(200);
        return await EventReader.OpenAsync(answer);
    }

    public void Dispose() => _http.Dispose();
}
