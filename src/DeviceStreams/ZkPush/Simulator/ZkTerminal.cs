using System.Collections.Concurrent;
using System.Net;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>
/// A ZKTeco terminal that is not there. It says what real ones say in their order, keeps its log until the server has it, and repeats a request until the answer is the one that its firmware knows:
/// with a server whose answers are wrong it never comes to rest. <see cref="RunAsync"/> lives by the clock; <see cref="TurnAsync"/> makes one request.
/// </summary>
public sealed class ZkTerminal : IDeviceSimulator, IDisposable
{
    private const int MaxFaults = 100;

    private readonly ZkTerminalPlan _plan;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly Random _random;
    private readonly ZkTerminalMemory _memory;
    private readonly ZkVoice _voice;
    private readonly ConcurrentQueue<string> _faults = new();
    private ZkExchange? _current;
    private bool _wasIdle;

    /// <param name="handler">Null: the network. Not disposed.</param>
    public ZkTerminal(ZkTerminalPlan plan, TimeProvider time, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_plan, _time, _random) = (plan, time, new Random(plan.Seed));
        _http = handler is null ? new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) : new HttpClient(handler, disposeHandler: false);
        _http.BaseAddress = plan.Server;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("iClock Proxy/1.09");
        // What the security dialect says; no standard knows the word.
        _http.DefaultRequestHeaders.Connection.Add(plan.Dialect == ZkDialect.Access ? "starting" : "close");
        _memory = new ZkTerminalMemory(plan, time);
        _voice = plan.Dialect == ZkDialect.Access ? new AccessVoice(_memory, Complain) : new AttendanceVoice(_memory, Complain);
    }

    public string Serial => _plan.Serial;

    public SimulationCounts Counts { get; } = new();

    /// <summary>What was wrong with the server's answers, the first hundred.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Everything was said and answered as it should be, and the last poll brought nothing.</summary>
    public bool IsAtRest => _wasIdle && _current is null && _voice.IsSilent;

    /// <summary>What it was told to do, in order.</summary>
    public IReadOnlyList<string> Executed => _memory.Executed;

    /// <summary>Names of its people, by number.</summary>
    public IReadOnlyDictionary<string, string> People => _memory.People;

    /// <summary>Whose faces it knows.</summary>
    public IReadOnlyCollection<string> Faces => _memory.Faces.Keys;

    public int DoorsOpened => _memory.DoorsOpened;

    /// <summary>What its display shows.</summary>
    public DateTime Clock => _memory.LocalNow();

    /// <summary>Somebody verifies. Not while <see cref="RunAsync"/> runs.</summary>
    public void Punch(string personNumber) => _memory.Punch(personNumber);

    /// <summary>Power gone and back: the log stays, the rest begins again.</summary>
    public void Restart()
    {
        _current = null;
        _wasIdle = false;
        _voice.Restart();
    }

    /// <summary>One request, and what its answer changes.</summary>
    public async Task<ZkTurn> TurnAsync(CancellationToken cancellationToken)
    {
        if (Misbehaves(Misbehaviour.ReconnectStorms, 16))
        {
            Restart();
            Counts.CountReconnect();
        }

        var isNew = _current is null;
        var exchange = _current ??= _voice.Next();
        if (isNew && MayBeSpoiled(exchange) && Misbehaves(Misbehaviour.CutBodies, 8))
            await BreakOffAsync(exchange, cancellationToken);
        if (isNew)
            Counts.CountSent();
        else
            Counts.CountResent();
        _wasIdle = false;
        if (await SendAsync(exchange, exchange.Body, cancellationToken) is not { } reply || !exchange.Accepts(reply))
        {
            // A step of setting up may have led back to the first; what is sent stays what it was, to the byte.
            if (!_voice.IsSetUp && !exchange.IsUpload)
                _current = null;
            return ZkTurn.Failed;
        }

        _current = null;
        Counts.CountAnswered();
        if (MayBeSpoiled(exchange) && Misbehaves(Misbehaviour.Resends, 8))
        {
            await SendAsync(exchange, exchange.Body, cancellationToken);
            Counts.CountResent();
        }

        _wasIdle = exchange.IsPoll && ZkExchange.IsOk(reply);
        return _wasIdle && _voice.IsSilent ? ZkTurn.Idle : ZkTurn.Worked;
    }

    /// <summary>Turns until it is at rest.</summary>
    /// <returns>False where it was not after so many.</returns>
    public async Task<bool> RestAsync(int maxTurns, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < maxTurns; turn++)
        {
            await TurnAsync(cancellationToken);
            if (IsAtRest)
                return true;
        }

        return false;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var nextPunch = NextPunch(_time.GetUtcNow());
        while (!cancellationToken.IsCancellationRequested)
        {
            ZkTurn turn;
            try
            {
                for (; nextPunch <= _time.GetUtcNow(); nextPunch = NextPunch(nextPunch))
                    _memory.Punch(_plan.PersonNumbers[_random.Next(_plan.PersonNumbers.Count)]);
                turn = await TurnAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var wait = turn switch
            {
                ZkTurn.Idle => _memory.PollDelay,
                ZkTurn.Failed when !_plan.Misbehaviour.HasFlag(Misbehaviour.ReconnectStorms) => _memory.ErrorDelay,
                ZkTurn.Failed => TimeSpan.FromMilliseconds(100),
                _ => TimeSpan.Zero,
            };
            wait = wait > _plan.LongestWait ? _plan.LongestWait : wait;
            if (turn == ZkTurn.Idle && nextPunch - _time.GetUtcNow() is var untilPunch && untilPunch < wait)
                wait = untilPunch < TimeSpan.Zero ? TimeSpan.Zero : untilPunch;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _http.Dispose();

    private DateTimeOffset NextPunch(DateTimeOffset after) =>
        _plan.EventsPerSecond > 0 ? after + TimeSpan.FromSeconds((0.5 + _random.NextDouble()) / _plan.EventsPerSecond) : DateTimeOffset.MaxValue;

    private bool Misbehaves(Misbehaviour how, int oneIn) => _plan.Misbehaviour.HasFlag(how) && _random.Next(oneIn) == 0;

    // Parts of an answer to a query are not: noise among them would be the answer.
    private static bool MayBeSpoiled(ZkExchange exchange) => exchange.IsUpload && exchange.PathAndQuery.StartsWith("/iclock/cdata", StringComparison.Ordinal);

    private void Complain(string fault)
    {
        if (_faults.Count < MaxFaults)
            _faults.Enqueue(fault);
    }

    /// <returns>Null where there was no answer, or none that a terminal reads.</returns>
    private async Task<string?> SendAsync(ZkExchange exchange, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(exchange.Body is null ? HttpMethod.Get : HttpMethod.Post, exchange.PathAndQuery);
        if (body is not null)
            request.Content = new ByteArrayContent(body);
        return await SendAsync(request, exchange, cancellationToken);
    }

    private async Task<string?> SendAsync(HttpRequestMessage request, ZkExchange exchange, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await _http.SendAsync(request, cancellationToken);
            var text = await reply.Content.ReadAsStringAsync(cancellationToken);
            if (ZkReplyCheck.FaultOf(reply, text) is { } fault)
                Complain($"{exchange.PathAndQuery.Split('?')[0]}: {fault}");
            if (reply.StatusCode == HttpStatusCode.OK)
                return text;
            if (reply.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotAcceptable or HttpStatusCode.TooManyRequests)
                Counts.CountRefused();
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Counts.CountReconnect();
            return null;
        }
    }

    /// <summary>Half a body, or noise; the true one comes behind it.</summary>
    private async Task BreakOffAsync(ZkExchange exchange, CancellationToken cancellationToken)
    {
        Counts.CountResent();
        if (_random.Next(2) == 0)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, exchange.PathAndQuery) { Content = new CutContent(exchange.Body!) };
            await SendAsync(request, exchange, cancellationToken);
            return;
        }

        var noise = new byte[64];
        _random.NextBytes(noise);
        await SendAsync(exchange, noise, cancellationToken);
    }
}
