using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>
/// A Hikvision terminal that is not there: a small web server with digest, lock, event stream, log, people, faces, listeners and a door, which can be restarted, cut off at any byte, and
/// made to misbehave. It listens on 127.0.0.1 only: whatever it is asked by, it is no door.
/// </summary>
public sealed partial class IsapiDevice : IDeviceSimulator, IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<SimulatedDecision> _decided;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly List<Connection> _connections = [];
    private readonly SimulatedSettings _settings;
    private readonly Queue<SimulatedRequest> _requests = new();
    private TcpListener? _listener;
    private CancellationTokenSource? _serving;
    private Task _accepting = Task.CompletedTask;
    private X509Certificate2? _certificate;
    private int _port;

    /// <param name="decided">Told what became of each question; on the device's own loop.</param>
    public IsapiDevice(IsapiDevicePlan plan, TimeProvider time, Action<SimulatedDecision>? decided = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (Plan, _time, _decided, _random, _port) = (plan, time, decided ?? (_ => { }), new Random(plan.Seed), plan.Port);
        Login = new SimulatedLogin(plan, time);
        _settings = new SimulatedSettings(this);
        Stream = new SimulatedStream(this);
        Push = new IsapiPushClient(this);
    }

    public string Serial => Plan.Serial;

    public SimulationCounts Counts { get; } = new();

    /// <summary>Where it listens; null while it is off.</summary>
    public Uri? Address => _listener is null ? null : new Uri($"{(Plan.UsesTls ? "https" : "http")}://127.0.0.1:{_port}");

    internal IsapiDevicePlan Plan { get; }

    internal TimeProvider Time => _time;

    internal SimulatedLog Log { get; } = new();

    internal SimulatedLogin Login { get; }

    internal SimulatedStream Stream { get; }

    internal SimulatedSettings Settings => _settings;

    internal IsapiPushClient Push { get; }

    /// <summary>Requests that got past the login, oldest first.</summary>
    internal IReadOnlyList<SimulatedRequest> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>Switches it on. Its log, people and settings are those from before.</summary>
    public void Start()
    {
        if (_listener is not null)
            return;
        if (Plan.UsesTls)
            _certificate ??= NewCertificate();
        var listener = new TcpListener(IPAddress.Loopback, _port);
        // The same port again, whoever still lingers on it.
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        (_listener, _serving) = (listener, new CancellationTokenSource());
        _accepting = Task.Run(() => AcceptAsync(listener, _serving.Token));
    }

    /// <summary>Switches it off in the middle of whatever it does.</summary>
    public async Task StopAsync()
    {
        if (_listener is not { } listener)
            return;
        _listener = null;
        await _serving!.CancelAsync();
        listener.Stop();
        DropConnections();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] serving;
        lock (_gate)
            serving = [.. _connections.Select(connection => connection.Serving)];
        await Task.WhenAll(serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _serving.Dispose();
    }

    /// <summary>The network breaks: every connection is gone without a word.</summary>
    public void DropConnections()
    {
        lock (_gate)
        {
            foreach (var connection in _connections)
                connection.Drop();
        }
    }

    /// <summary>As after a reset: another certificate than before. Connections from before stay.</summary>
    public void RenewCertificate()
    {
        _certificate?.Dispose();
        _certificate = NewCertificate();
    }

    /// <summary>Lives until cancelled: people walk by, at a steady rate, whatever anybody does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Start();
        try
        {
            await WalkByAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Its time is over.
        }
        finally
        {
            await StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Push.DisposeAsync();
        _certificate?.Dispose();
    }

    /// <summary>What its clock shows now, with its zone.</summary>
    internal string Clock()
    {
        var shown = Plan.Misbehaviour.HasFlag(Misbehaviour.WrongClock) ? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(_time.GetUtcNow().Ticks % TimeSpan.TicksPerDay) : _time.GetUtcNow() + Plan.ClockOffset;
        var offset = Plan.ZoneText.Length == 0 ? TimeSpan.Zero : TimeSpan.ParseExact(Plan.ZoneText[1..], "hh':'mm", CultureInfo.InvariantCulture) * (Plan.ZoneText[0] == '-' ? -1 : 1);
        return shown.ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + Plan.ZoneText;
    }

    /// <summary>The web server's answer; null where <paramref name="connection"/> was used up by a stream.</summary>
    internal async Task<SimulatedResponse?> AnswerAsync(SimulatedRequest request, Stream connection, CancellationToken cancellationToken)
    {
        // Before anybody asks who it is: this is what keeps clients from trying with an empty body first.
        if (request.Method is "PUT" or "POST" && request.Body.Length == 0)
            return new SimulatedResponse(400, "application/xml", SimulatedWords.Xml("ResponseStatus", ("requestURL", request.Path), ("statusCode", 6), ("statusString", "Invalid XML Content"), ("subStatusCode", "badXmlContent")));
        if (Login.Refuse(request) is { } refused)
        {
            Counts.CountRefused();
            return refused;
        }

        lock (_gate)
        {
            _requests.Enqueue(request);
            if (_requests.Count > 10_000)
                _requests.Dequeue();
        }

        return request is { Method: "GET", Path: "/ISAPI/Event/notification/alertStream" } ? await Stream.ServeAsync(connection, cancellationToken) : _settings.Answer(request);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=simulated terminal", key, HashAlgorithmName.SHA256);
        var now = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return request.CreateSelfSigned(now, now.AddYears(40));
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var connection = new Connection(await listener.AcceptSocketAsync(cancellationToken));
                lock (_gate)
                    _connections.Add(connection);
                connection.Serving = ServeAsync(connection, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Switched off.
        }
    }

    private async Task ServeAsync(Connection connection, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await using var stream = await OpenAsync(connection, cancellationToken);
            while (await SimulatedHttp.ReadRequestAsync(stream, cancellationToken) is { } request)
            {
                if (await AnswerAsync(request, stream, cancellationToken) is not { } response)
                    break;
                await SimulatedHttp.WriteAsync(stream, response, cancellationToken);
                if (response.ClosesConnection)
                    break;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The other side has gone, or was cut off.
        }
        finally
        {
            connection.Drop();
            lock (_gate)
                _connections.Remove(connection);
        }
    }

    private async Task<Stream> OpenAsync(Connection connection, CancellationToken cancellationToken)
    {
        connection.Socket.NoDelay = true;
        var stream = new NetworkStream(connection.Socket, ownsSocket: true);
        if (!Plan.UsesTls)
            return new BufferedStream(stream, 16 << 10);
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancellationToken);
        return new BufferedStream(tls, 16 << 10);
    }

    private sealed class Connection(Socket socket)
    {
        public Socket Socket => socket;

        public Task Serving { get; set; } = Task.CompletedTask;

        /// <summary>With a reset, as a router that forgets does it. Whoever serves it drops it as well, at the same moment perhaps.</summary>
        public void Drop()
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Gone already.
            }

            socket.Dispose();
        }
    }
}
