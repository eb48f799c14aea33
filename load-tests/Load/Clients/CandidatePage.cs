using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MediaScore.Load.Clients;

/// <summary>What the candidate's page asks and hears beside its media (docs/formats/candidate-api.md).</summary>
internal sealed class CandidatePage(ClientWorld world, string interviewId, string token, InterviewLedger ledger) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource<string?> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _leave;
    private Task _listening = Task.CompletedTask;
    private TaskCompletionSource? _safeAfter;
    private TimeSpan _safeWanted;

    /// <summary>Completes with the report: null, or why there is none.</summary>
    public Task<string?> Finished => _finished.Task;

    /// <summary>Why the page hears nothing more; null while all is well.</summary>
    public string? Fault { get; private set; }

    public static string Stage(string kind) =>
        $$"""{"kind":"{{kind}}","stageId":"{{InterviewRequest.StageId}}","questionId":"{{InterviewRequest.QuestionId}}","attempt":1}""";

    /// <summary>Asks, and again while the server does not know yet that the media are connected, as the page does: the browser's end of a handshake is a moment earlier.</summary>
    /// <returns>Null where it was accepted, else what the server said.</returns>
    public async Task<string?> PostAsync(string what, string json, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerLimit);
        var lastAnswer = "no answer";
        try
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Address(what)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                using var response = await world.Http.SendAsync(request, limit.Token);
                if (response.IsSuccessStatusCode)
                    return null;
                var problem = await ProblemOfAsync(response, limit.Token);
                lastAnswer = $"{(int)response.StatusCode} {problem}".TrimEnd();
                if (problem != "media-not-connected")
                    return $"{what}: {lastAnswer}";
                await Task.Delay(AskAgain, world.Time, limit.Token);
            }
        }
        catch (HttpRequestException e)
        {
            return $"{what}: {e.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"{what}: {lastAnswer} in {AnswerLimit.TotalSeconds:0} s";
        }
    }

    public void Listen()
    {
        _leave = new CancellationTokenSource();
        Fault = null;
        _listening = ListenAsync(_leave.Token);
    }

    /// <summary>The page is closed.</summary>
    public async Task LeaveAsync()
    {
        if (_leave is not { } leave)
            return;
        _leave = null;
        await leave.CancelAsync();
        await _listening;
        leave.Dispose();
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    /// <summary>Completes when something beyond this place is safe on disk.</summary>
    public Task WaitUntilSafeAsync(TimeSpan place, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _safeWanted = place;
            _safeAfter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _safeAfter.Task.WaitAsync(cancellation);
        }
    }

    private Uri Address(string what) => new(world.HttpAddress, $"/interviews/{interviewId}/candidate/{what}");

    private async Task ListenAsync(CancellationToken leave)
    {
        try
        {
            await new EventStreamClient(world.Http, Address("events"), token).ReadAsync(static () => { }, Hear, leave);
            if (!_finished.Task.IsCompleted)
                Fault = "the server ended the event stream";
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // The page was closed.
        }
        catch (HttpRequestException e)
        {
            Fault = $"event stream: {e.StatusCode?.ToString() ?? e.Message}";
        }
        finally
        {
            if (Fault is not null)
                _finished.TrySetResult(Fault);
        }
    }

    private void Hear(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var now = world.Time.GetTimestamp();
        if (name.SequenceEqual("safe"u8))
        {
            if (!ledger.HasBegun)
                return;
            var safe = TimeSpan.FromMilliseconds(Number(data, "ms"u8));
            ledger.DurableUntil(safe, now);
            lock (_gate)
            {
                if (safe > _safeWanted)
                    _safeAfter?.TrySetResult();
            }
        }
        else if (name.SequenceEqual("caption"u8))
        {
            ledger.Caption(TimeSpan.FromMilliseconds(Number(data, "startMs"u8)), TimeSpan.FromMilliseconds(Number(data, "endMs"u8)), now);
        }
        else if (name.SequenceEqual("finished"u8))
        {
            _finished.TrySetResult(data.IndexOf("failed"u8) >= 0 ? "the interview failed on the server" : null);
        }
    }

    private static long Number(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName && reader.ValueTextEquals(name) && reader.Read())
                return reader.TryGetInt64(out var value) ? value : 0;
        }

        return 0;
    }

    /// <summary>The last word of the problem's type (RFC 9457); empty where there is none.</summary>
    private static async Task<string> ProblemOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            return body.RootElement is { ValueKind: JsonValueKind.Object } problem && problem.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                ? type.GetString()!.Split(':')[^1]
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
