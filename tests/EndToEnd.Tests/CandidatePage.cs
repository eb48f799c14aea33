using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Net.Client;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Whip;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.EndToEnd.Tests;

/// <summary>What a candidate's browser does with one interview, without a browser: the page's requests, its event stream, and its media by our sender.</summary>
internal sealed class CandidatePage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PeerRunner _runner = new(new PeerRunnerOptions(), TimeProvider.System);
    private readonly PeerIdentity _identity = PeerIdentity.Create(TimeProvider.System);
    private readonly HttpClient _http;

    /// <param name="server">Address of its pages.</param>
    public CandidatePage(string server, CreateInterviewResponse invitation)
    {
        Invitation = invitation;
        Token = invitation.CandidateUrl.Split("token=")[1];
        _http = new HttpClient { BaseAddress = new Uri(server), Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    public CreateInterviewResponse Invitation { get; }

    public string Token { get; }

    private string Path => $"/interviews/{Invitation.InterviewId}";

    public static async Task<CreateInterviewResponse> InviteAsync(string grpc)
    {
        using var channel = GrpcChannel.ForAddress(grpc);
        return await new InterviewService.InterviewServiceClient(channel).CreateInterviewAsync(
            new CreateInterviewRequest { Tenant = "test", PlanId = "store-manager", Language = "en", CandidateConsents = true });
    }

    public Task<JsonElement> ConsentAsync(params string[] modalities) => PostAsync("consent", new { modalities });

    public Task<JsonElement> StageAsync(string kind) => PostAsync("stage", new { kind, stageId = "late-dish", questionId = "late-dish-response", attempt = 1 });

    public Task<JsonElement> EndAsync() => PostAsync("end", new { });

    public Task<JsonElement> StateAsync() => _http.GetFromJsonAsync<JsonElement>($"{Path}/candidate/state");

    /// <summary>Posts an offer and sends; done when media flow.</summary>
    public async Task<RunningPeer> ConnectAsync(SenderOptions media)
    {
        var start = await _runner.StartAsync(media, _identity, new WhipClient(_http, new Uri(_http.BaseAddress!, $"{Path}/whip"), Token));
        var peer = start.Peer ?? throw new InvalidOperationException(start.Error);
        await peer.Connected.WaitAsync(Patience, TimeProvider.System);
        return peer;
    }

    /// <summary>Reads the event stream up to the first event that is wanted.</summary>
    public async Task<JsonElement> EventAsync(string name, Func<JsonElement, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        await using var stream = await _http.GetStreamAsync($"{Path}/candidate/events", limit.Token);
        using var reader = new StreamReader(stream);
        var current = "";
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                current = line["event: ".Length..];
            else if (current == name && line.StartsWith("data: ", StringComparison.Ordinal) && JsonDocument.Parse(line["data: ".Length..]).RootElement is var data && wanted(data))
                return data;
        }

        throw new InvalidOperationException($"The event stream ended without the '{name}' that was waited for.");
    }

    /// <summary>Waits until everything up to this time survives a crash.</summary>
    public async Task<long> UntilSafeAsync(long ms) => (await EventAsync("safe", e => e.GetProperty("ms").GetInt64() >= ms)).GetProperty("ms").GetInt64();

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        _http.Dispose();
    }

    private async Task<JsonElement> PostAsync(string request, object body)
    {
        using var answer = await _http.PostAsJsonAsync($"{Path}/candidate/{request}", body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{request}: {(int)answer.StatusCode} {text}");
    }
}
