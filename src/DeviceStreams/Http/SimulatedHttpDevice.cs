using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.DeviceStreams.Http.Wire;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Http;

/// <summary>A device that speaks the device API: says hello until somebody has approved it, sends what happened in batches until that is acknowledged, shows faces, and does what it is told.</summary>
public sealed class SimulatedHttpDevice : IDeviceSimulator
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const int BatchSize = 100;

    private readonly HttpDevicePlan _plan;
    private readonly TimeProvider _time;
    private readonly Action<SimulatedDecision> _decided;
    private readonly Func<HttpMessageHandler> _network;
    private readonly Random _random;
    private readonly SimulatedEvents<ReportedEvent> _events;
    private readonly string _run;
    private long _number;
    private long _frameId;

    /// <param name="decided">Called for every decision.</param>
    /// <param name="network">A new connection's; null: the real one.</param>
    public SimulatedHttpDevice(HttpDevicePlan plan, TimeProvider time, Action<SimulatedDecision> decided, Func<HttpMessageHandler>? network = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.EventsPerSecond, 0.01, nameof(plan));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.EventsPerSecond, 10_000, nameof(plan));
        (_plan, _time, _decided, _random) = (plan, time, decided, new Random(plan.Seed));
        _network = network ?? (static () => new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        _run = Guid.NewGuid().ToString("N")[..8];
        _events = new SimulatedEvents<ReportedEvent>(plan.EventsPerSecond, plan.EventLimit, plan.Seed, plan.Misbehaviour, time, Counts, Next);
    }

    public string Serial => _plan.Serial;

    public SimulationCounts Counts { get; } = new();

    /// <summary>What it was told to do, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Lives until cancelled, or until all of the plan's events are acknowledged.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        _events.RunAsync(LiveAsync, static fault => fault is HttpRequestException or IOException or OperationCanceledException or JsonException, cancellationToken);

    private async Task LiveAsync(CancellationToken life)
    {
        using var http = new HttpClient(_network()) { BaseAddress = _plan.Server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _plan.Key);
        http.DefaultRequestHeaders.Add("Device-Serial", Serial);
        http.DefaultRequestHeaders.Add("Device-Tenant", _plan.Tenant);
        await WaitForApprovalAsync(http, life);
        while (!life.IsCancellationRequested)
        {
            await SendEventsAsync(http, life);
            if (_plan.Faces.Count > 0)
                await SendFrameAsync(http, life);
            await ObeyAsync(http, life);
            if (_events.Count > 0)
                continue;
            if (_events.HasEnded)
                return;
            await Task.Delay(TimeSpan.FromSeconds(1 / _plan.EventsPerSecond), _time, life);
        }
    }

    /// <summary>Asks; whoever is told that it asks too often waits as long as it is told, and asks again.</summary>
    private async Task<HttpResponseMessage> AskAsync(Func<Task<HttpResponseMessage>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            var response = await ask();
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
                return response;
            using (response)
            {
                Counts.CountRefused();
                await Task.Delay(response.Headers.RetryAfter?.Delta is { Ticks: > 0 } told ? told : Pause, _time, cancellationToken);
            }
        }
    }

    private async Task WaitForApprovalAsync(HttpClient http, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await AskAsync(
                () => http.PostAsJsonAsync("/devices/v1/hello", new HelloRequest { Model = _plan.Model, Firmware = "simulated", Queued = _events.Count }, cancellationToken), cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
                return;
            if (response.StatusCode != HttpStatusCode.Accepted)
                Counts.CountRefused();
            // A real device waits as long as it is told to; whoever watches a simulation has less patience.
            await Task.Delay(Pause, _time, cancellationToken);
        }
    }

    private async Task SendEventsAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var batch = _events.Peek(BatchSize);
        if (batch.Count == 0)
            return;
        if (_plan.Misbehaviour.HasFlag(Misbehaviour.CutBodies) && _random.Next(8) == 0)
            await SendCutAsync(http, batch, cancellationToken);
        await PostAsync(http, batch, cancellationToken);
        _events.Forget(batch.Count);
        Counts.CountAnswered(batch.Count);
        if (!_plan.Misbehaviour.HasFlag(Misbehaviour.Resends) || _random.Next(4) != 0)
            return;
        await PostAsync(http, batch, cancellationToken);
        Counts.CountResent(batch.Count);
    }

    private async Task PostAsync(HttpClient http, List<ReportedEvent> batch, CancellationToken cancellationToken)
    {
        using var response = await AskAsync(() => http.PostAsJsonAsync("/devices/v1/events", new EventBatch { Events = batch }, Json, cancellationToken), cancellationToken);
        if (!response.IsSuccessStatusCode)
            Counts.CountRefused();
        response.EnsureSuccessStatusCode();
    }

    private async Task SendCutAsync(HttpClient http, List<ReportedEvent> batch, CancellationToken cancellationToken)
    {
        var whole = JsonSerializer.SerializeToUtf8Bytes(new EventBatch { Events = batch }, Json);
        using var half = new ByteArrayContent(whole, 0, whole.Length / 2);
        half.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync("/devices/v1/events", half, cancellationToken);
        Counts.CountRefused();
    }

    private async Task SendFrameAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var face = _plan.Faces[_random.Next(_plan.Faces.Count)];
        var dueAt = _time.GetUtcNow();
        using var picture = new ByteArrayContent(face.Jpeg.ToArray());
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        var path = string.Create(CultureInfo.InvariantCulture, $"/devices/v1/frames?frameId={++_frameId}");
        using var response = await AskAsync(() => http.PostAsync(path, picture, cancellationToken), cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            Counts.CountRefused();
            return;
        }

        if (await response.Content.ReadFromJsonAsync<FrameReply>(cancellationToken) is { Decision: { } decision })
            _decided(new SimulatedDecision(Serial, decision.Outcome, face.PersonNumber, decision.Person ?? "", dueAt, _time.GetUtcNow()));
    }

    private async Task ObeyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var reply = await AskAsync(() => http.GetAsync("/devices/v1/commands", cancellationToken), cancellationToken);
        reply.EnsureSuccessStatusCode();
        var told = await reply.Content.ReadFromJsonAsync<CommandsReply>(cancellationToken);
        foreach (var command in told!.Commands)
        {
            var isLate = command.ExpiresAt < _time.GetUtcNow();
            if (!isLate)
                Commands.Enqueue(command.Kind);
            var result = new CommandResultRequest { Succeeded = !isLate, Message = isLate ? "too late" : "simulated" };
            var path = string.Create(CultureInfo.InvariantCulture, $"/devices/v1/commands/{command.Id}/result");
            using var response = await AskAsync(() => http.PostAsJsonAsync(path, result, cancellationToken), cancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }

    private ReportedEvent Next(DateTimeOffset now, Random random) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{_run}-{++_number}"),
        At = JsonSerializer.SerializeToElement(now),
        Kind = "attendance",
        Person = string.Create(CultureInfo.InvariantCulture, $"{1000 + random.Next(100)}"),
        Method = "card",
        Direction = random.Next(2) == 0 ? "in" : "out",
    };
}
