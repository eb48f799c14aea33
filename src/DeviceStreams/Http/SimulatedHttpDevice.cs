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
    // A year in which nobody set the clock.
    private static readonly DateTimeOffset WrongTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MostBackOff = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const int BatchSize = 100;

    // What a device like this has room for; what happens while it is full is lost there.
    private const int MostKept = 10_000;

    private readonly HttpDevicePlan _plan;
    private readonly TimeProvider _time;
    private readonly Action<SimulatedDecision> _decided;
    private readonly Func<HttpMessageHandler> _network;
    private readonly Random _random;
    private readonly ConcurrentQueue<ReportedEvent> _kept = new();
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
    }

    public string Serial => _plan.Serial;

    public SimulationCounts Counts { get; } = new();

    /// <summary>What it was told to do, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Lives until cancelled, or until all of the plan's events are acknowledged.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var happening = HappenAsync(cancellationToken);
        var backOff = Pause;
        while (!cancellationToken.IsCancellationRequested && !(happening.IsCompleted && _kept.IsEmpty))
        {
            try
            {
                await LiveAsync(happening, cancellationToken);
                backOff = Pause;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                backOff = backOff * 2 > MostBackOff ? MostBackOff : backOff * 2;
            }

            if (happening.IsCompleted && _kept.IsEmpty)
                return;
            Counts.CountReconnect();
            if (!_plan.Misbehaviour.HasFlag(Misbehaviour.ReconnectStorms))
                await Task.Delay(backOff, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Things happen whether or not there is a network.</summary>
    private async Task HappenAsync(CancellationToken cancellationToken)
    {
        var period = TimeSpan.FromSeconds(1 / _plan.EventsPerSecond);
        var due = _time.GetUtcNow() + (period * _random.NextDouble());
        for (var i = 0L; i < _plan.EventLimit && !cancellationToken.IsCancellationRequested; i++, due += period)
        {
            if (due - _time.GetUtcNow() is { Ticks: > 0 } wait)
                await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_kept.Count >= MostKept)
                continue;
            _kept.Enqueue(Next());
            Counts.CountSent();
        }
    }

    private async Task LiveAsync(Task happening, CancellationToken cancellationToken)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_plan.Misbehaviour.HasFlag(Misbehaviour.ReconnectStorms))
            life.CancelAfter(TimeSpan.FromSeconds(0.2 + _random.NextDouble()));
        using var http = new HttpClient(_network()) { BaseAddress = _plan.Server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _plan.Key);
        http.DefaultRequestHeaders.Add("Device-Serial", Serial);
        http.DefaultRequestHeaders.Add("Device-Tenant", _plan.Tenant);
        await WaitForApprovalAsync(http, life.Token);
        while (!life.IsCancellationRequested)
        {
            await SendEventsAsync(http, life.Token);
            if (_plan.Faces.Count > 0)
                await SendFrameAsync(http, life.Token);
            await ObeyAsync(http, life.Token);
            if (!_kept.IsEmpty)
                continue;
            if (happening.IsCompleted)
                return;
            await Task.Delay(TimeSpan.FromSeconds(1 / _plan.EventsPerSecond), _time, life.Token);
        }
    }

    private async Task WaitForApprovalAsync(HttpClient http, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await http.PostAsJsonAsync("/devices/v1/hello", new HelloRequest { Model = _plan.Model, Firmware = "simulated", Queued = _kept.Count }, cancellationToken);
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
        var batch = _kept.Take(BatchSize).ToList();
        if (batch.Count == 0)
            return;
        if (_plan.Misbehaviour.HasFlag(Misbehaviour.CutBodies) && _random.Next(8) == 0)
            await SendCutAsync(http, batch, cancellationToken);
        await PostAsync(http, batch, cancellationToken);
        for (var i = 0; i < batch.Count; i++)
            _kept.TryDequeue(out _);
        Counts.CountAnswered(batch.Count);
        if (!_plan.Misbehaviour.HasFlag(Misbehaviour.Resends) || _random.Next(4) != 0)
            return;
        await PostAsync(http, batch, cancellationToken);
        Counts.CountResent(batch.Count);
    }

    private async Task PostAsync(HttpClient http, List<ReportedEvent> batch, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("/devices/v1/events", new EventBatch { Events = batch }, Json, cancellationToken);
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
        using var response = await http.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/devices/v1/frames?frameId={++_frameId}"), picture, cancellationToken);
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
        var told = await http.GetFromJsonAsync<CommandsReply>("/devices/v1/commands", cancellationToken);
        foreach (var command in told!.Commands)
        {
            var isLate = command.ExpiresAt < _time.GetUtcNow();
            if (!isLate)
                Commands.Enqueue(command.Kind);
            var result = new CommandResultRequest { Succeeded = !isLate, Message = isLate ? "too late" : "simulated" };
            using var response = await http.PostAsJsonAsync(string.Create(CultureInfo.InvariantCulture, $"/devices/v1/commands/{command.Id}/result"), result, cancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }

    private ReportedEvent Next()
    {
        var now = _plan.Misbehaviour.HasFlag(Misbehaviour.WrongClock) ? WrongTime : _time.GetUtcNow();
        return new ReportedEvent
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{_run}-{++_number}"),
            At = JsonSerializer.SerializeToElement(now),
            Kind = "attendance",
            Person = string.Create(CultureInfo.InvariantCulture, $"{1000 + _random.Next(100)}"),
            Method = "card",
            Direction = _random.Next(2) == 0 ? "in" : "out",
        };
    }
}
