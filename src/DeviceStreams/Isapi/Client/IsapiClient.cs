using System.Net;
using System.Net.Sockets;
using MediaScore.DeviceStreams.Isapi.Login;
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
internal sealed partial class IsapiClient : IDisposable
{
    // A face at full size, or a page of the log.
    private const int MaxReplyBytes = 8 << 20;

    private readonly DeviceLogin _login;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly CertificatePin _pin;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _turn = new(1);

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
            // Sockets of both kinds say ::ffff:192.0.2.5, which no terminal's web page takes.
            static IPAddress? Plain(EndPoint? point) => point is IPEndPoint { Address: var address } ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : null;
            (RemoteAddress, LocalAddress) = (Plain(socket.RemoteEndPoint), Plain(socket.LocalEndPoint));
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

    private static async Task<IsapiReply> ReadAsync(HttpResponseMessage response, int mostBytes, CancellationToken cancellationToken)
    {
        try
        {
            // It stays in there, and can be read once more.
            await response.Content.LoadIntoBufferAsync(mostBytes, cancellationToken);
        }
        catch
        {
            // One that says itself that it is too long is not even begun: it would keep one of the few connections.
            response.Dispose();
            throw;
        }

        return new IsapiReply((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>As it was sent: the framework's own parser refuses some of what devices write.</summary>
    internal static string ContentTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";
}
