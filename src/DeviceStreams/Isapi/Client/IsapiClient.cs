using System.Net;
using System.Net.Sockets;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>
/// Talks to one device with one login. Every nonce is used once: firmware differs in how often it takes one (never twice, twice, for 20 s), and not in taking a new one. The first
/// refusal of a fresh nonce, and every lock, ends it for all who use it. One request at a time, urgent ones beside it. Thread-safe.
/// </summary>
/// <remarks>
/// Not HttpClient's own digest: it tries again by itself after a refusal and hides the first one's body, so neither a lock nor an old nonce could be told from a wrong password, and
/// a wrong password would cost two of the few tries that there are.
/// </remarks>
internal sealed class IsapiClient : IDisposable
{
    /// <summary>What can be asked without a login, to be asked for one.</summary>
    private const string ProbeTarget = "/ISAPI/System/deviceInfo";

    // A face at full size, or a page of the log.
    private const int MaxReplyBytes = 8 << 20;
    private const int MaxRefusalBytes = 64 << 10;

    // The shortest life of a nonce that was seen is 20 s.
    private static readonly TimeSpan NonceLife = TimeSpan.FromSeconds(15);

    private readonly DeviceLogin _login;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly CertificatePin _pin;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _turn = new(1);
    private SpareNonce? _spare;
    private volatile IsapiException? _ended;
    private volatile bool _wasAccepted;

    /// <param name="address">Scheme, host and port.</param>
    public IsapiClient(Uri address, DeviceLogin login, CertificatePin pin, IsapiOptions options, TimeProvider time)
    {
        (_login, _pin, _time, _limit) = (login, pin, time, TimeSpan.FromSeconds(options.RequestLimitS));
        _http = new HttpClient(Handler(pin)) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = HttpVersion.Version11 };
    }

    /// <summary>Where the device was reached last; null before.</summary>
    public IPAddress? RemoteAddress { get; private set; }

    /// <summary>The address under which the device sees this server; null before the first connection.</summary>
    public IPAddress? LocalAddress { get; private set; }

    /// <summary>The device has taken this login at least once.</summary>
    public bool WasAccepted => _wasAccepted;

    /// <exception cref="IsapiException">The device cannot be reached, or does not take the login.</exception>
    public async Task<IsapiReply> SendAsync(IsapiCall call, CancellationToken cancellationToken)
    {
        if (!call.IsUrgent)
            await _turn.WaitAsync(cancellationToken);
        try
        {
            return await LimitedAsync(call.Limit ?? _limit, async token =>
            {
                using var response = await AuthenticatedAsync(call, token);
                return await ReadAsync(response, MaxReplyBytes, token);
            }, cancellationToken);
        }
        finally
        {
            if (!call.IsUrgent)
                _turn.Release();
        }
    }

    /// <summary>Opens an answer that never ends. The limit is for its head; the caller disposes it.</summary>
    /// <exception cref="IsapiException">The device cannot be reached, or does not take the login.</exception>
    public Task<HttpResponseMessage> OpenAsync(string target, CancellationToken cancellationToken) =>
        LimitedAsync(_limit, token => AuthenticatedAsync(IsapiCall.Get(target), token), cancellationToken);

    /// <summary>Reads an answer that turned out to end after all.</summary>
    public Task<IsapiReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        LimitedAsync(_limit, token => ReadAsync(response, MaxReplyBytes, token), cancellationToken);

    /// <summary>Gets a nonce ready, so that an urgent request needs one round trip and not two.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _spare) is { } spare && IsYoung(spare))
            return;
        if (await LimitedAsync(_limit, AskAsync, cancellationToken) is { } challenge)
            Keep(challenge);
    }

    public void Dispose()
    {
        _http.Dispose();
        _turn.Dispose();
    }

    private SocketsHttpHandler Handler(CertificatePin pin)
    {
        var handler = new SocketsHttpHandler
        {
            // Devices are in the house. Nothing of theirs leads anywhere else: no proxy, no redirect, no cookie.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // The stream, one request, and two urgent ones: a device has few sockets.
            MaxConnectionsPerServer = 4,
            MaxResponseHeadersLength = 32,
            // Its own keep-alive is 10 s, and a request into a connection that it has just closed is lost.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = ConnectAsync,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = pin.Check;
        return handler;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            (RemoteAddress, LocalAddress) = ((socket.RemoteEndPoint as IPEndPoint)?.Address, (socket.LocalEndPoint as IPEndPoint)?.Address);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<T> LimitedAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (_ended is { } ended)
            throw new IsapiException(ended.Fault, ended.Message) { LockedFor = ended.LockedFor };
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IsapiException(IsapiFault.Unreachable, $"no answer within {limit.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException && _pin.Stranger is { } stranger)
        {
            throw End(new IsapiException(
                IsapiFault.CertificateChanged,
                $"the device shows another certificate than before ({stranger[..16]}…): somebody may be in between. If it was reset or its certificate was renewed, enter its login again.", e));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new IsapiException(IsapiFault.Unreachable, e.GetBaseException().Message, e);
        }
    }

    private async Task<HttpResponseMessage> AuthenticatedAsync(IsapiCall call, CancellationToken cancellationToken)
    {
        var challenge = Interlocked.Exchange(ref _spare, null) is { } spare && IsYoung(spare) ? spare.Challenge : null;
        // How old a spare one is only the device knows.
        var isFresh = false;
        // An empty write is refused before anybody asks who it is, and a picture need not cross the network twice.
        if (challenge is null && !call.Body.IsEmpty)
            (challenge, isFresh) = (await AskAsync(cancellationToken), true);
        var renewals = 0;
        while (true)
        {
            var response = await OnceAsync(call, challenge, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            {
                _wasAccepted |= challenge is not null;
                KeepNext(response, challenge);
                return response;
            }

            var (refusal, offered, body) = await RefusedAsync(response, cancellationToken);
            ThrowIfLocked(refusal);
            // Known, and not allowed; or not supported, which some firmware says so.
            if (response.StatusCode == HttpStatusCode.Forbidden)
                return Again(response, body);
            response.Dispose();
            if (challenge is null)
            {
                // Asked without one: this is the device's question.
                (challenge, isFresh) = (offered ?? throw End(OnlyBasic()), true);
                continue;
            }

            if (isFresh && offered?.IsStale != true)
                throw End(WrongLogin(refusal));
            if (++renewals > 1)
                throw new IsapiException(IsapiFault.Unreachable, "the device calls every nonce old");
            // An old nonce, not a wrong password: once more, with a fresh one.
            (challenge, isFresh) = (offered ?? await AskAsync(cancellationToken), true);
        }
    }

    private async Task<HttpResponseMessage> OnceAsync(IsapiCall call, DigestChallenge? challenge, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Target);
        if (!call.Body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(call.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }

        if (challenge is not null)
            request.Headers.TryAddWithoutValidation("Authorization", challenge.Answer(_login.User, _login.Password, call.Method, call.Target, use: 1));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Asks for a nonce.</summary>
    /// <returns>Null where the device wants no login.</returns>
    private async Task<DigestChallenge?> AskAsync(CancellationToken cancellationToken)
    {
        using var response = await OnceAsync(IsapiCall.Get(ProbeTarget), null, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            if (response.IsSuccessStatusCode)
                return null;
            throw new IsapiException(IsapiFault.Unreachable, $"the device answers {(int)response.StatusCode} to {ProbeTarget}");
        }

        var (refusal, offered, _) = await RefusedAsync(response, cancellationToken);
        ThrowIfLocked(refusal);
        return offered ?? throw (response.StatusCode == HttpStatusCode.Unauthorized ? End(OnlyBasic()) : new IsapiException(IsapiFault.Unreachable, "the device answers 403 to everybody"));
    }

    private static async Task<(Refusal Refusal, DigestChallenge? Offered, byte[] Body)> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var reply = await ReadAsync(response, MaxRefusalBytes, cancellationToken);
        IEnumerable<string> fields = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.ToList() : [];
        return (Refusal.Read(reply.Body), DigestChallenge.TryFind(fields), reply.Body);
    }

    /// <summary>The same answer with its body once more, for whoever asked.</summary>
    private static HttpResponseMessage Again(HttpResponseMessage response, byte[] body)
    {
        response.Content.Dispose();
        response.Content = new ByteArrayContent(body);
        return response;
    }

    private static async Task<IsapiReply> ReadAsync(HttpResponseMessage response, int mostBytes, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var content = new MemoryStream();
        var chunk = new byte[16 << 10];
        int count;
        while ((count = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (content.Length + count > mostBytes)
                throw new IOException($"an answer of more than {mostBytes} bytes");
            content.Write(chunk, 0, count);
        }

        return new IsapiReply((int)response.StatusCode, ContentTypeOf(response), content.ToArray());
    }

    /// <summary>As it was sent: the framework's own parser refuses some of what devices write.</summary>
    internal static string ContentTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";

    private static IsapiException OnlyBasic() =>
        new(IsapiFault.LoginRefused, "the device offers no Digest login, and its password is sent in no other way. Turn on digest authentication in the device's web page.");

    private static IsapiException WrongLogin(Refusal refusal) => new(
        IsapiFault.LoginRefused,
        $"the device does not take this login{(refusal.TriesLeft is { } left ? $"; {left} tries are left before it locks" : "")}. Nothing is tried again until a person enters another one.");

    private void ThrowIfLocked(Refusal refusal)
    {
        if (refusal is not { IsLocked: true, UnlockAfter: { } wait })
            return;
        throw End(new IsapiException(
            IsapiFault.Locked, $"the device has locked this login for {wait.TotalSeconds:0} s, after too many wrong passwords. Every further try makes it longer: wait, then enter the login again.")
        {
            LockedFor = wait,
        });
    }

    /// <summary>The same for everybody from now on.</summary>
    private IsapiException End(IsapiException reason) => _ended = reason;

    private void KeepNext(HttpResponseMessage response, DigestChallenge? used)
    {
        if (used is not null && response.Headers.NonValidated.TryGetValues("Authentication-Info", out var values)
            && HeaderWords.Parameter(";" + values, "nextnonce") is { Length: > 0 } next)
        {
            Keep(used with { Nonce = next, IsStale = false });
        }
    }

    private void Keep(DigestChallenge challenge) => Volatile.Write(ref _spare, new SpareNonce(challenge, _time.GetTimestamp()));

    private bool IsYoung(SpareNonce spare) => _time.GetElapsedTime(spare.Timestamp) < NonceLife;

    private sealed record SpareNonce(DigestChallenge Challenge, long Timestamp);
}
