using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MediaScore.DeviceStreams.Mqtt.Wire;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace MediaScore.DeviceStreams.Mqtt.Broker;

/// <summary>
/// The broker's port. The library's own listener has no bound for connections, and lets a stranger's first five bytes claim 256 MiB; this one counts connections, hands on no packet that is
/// too long, and does TLS where there is a certificate.
/// </summary>
internal sealed class BrokerListener(MqttBrokerOptions options, X509Certificate2? certificate, MqttMeter meter) : IMqttServerAdapter
{
    // What the kernel holds of those who come while one is taken; a thousand readers that come back at once try again.
    private const int Backlog = 128;

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;
    private int _count;

    /// <summary>Set by the library: serves a connection until it ends.</summary>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>The port that was taken.</summary>
    public int Port => ((IPEndPoint)_socket!.LocalEndPoint!).Port;

    public int ConnectionCount => Volatile.Read(ref _count);

    public Task StartAsync(MqttServerOptions serverOptions, IMqttNetLogger logger)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(options.Address), options.Port);
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Bind(endpoint);
        _socket.Listen(Backlog);
        _accepting = Task.Run(() => AcceptAsync(_socket, serverOptions, logger));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _socket?.Dispose();
        await _accepting;
        if (ConnectionCount == 0)
            _drained.TrySetResult();
        await _drained.Task;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket socket, MqttServerOptions serverOptions, IMqttNetLogger logger)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await socket.AcceptAsync(_stopping.Token);
                if (Interlocked.Increment(ref _count) > options.MaxConnections)
                {
                    Interlocked.Decrement(ref _count);
                    meter.Connection("too-many");
                    client.Dispose();
                    continue;
                }

                // Ends by itself, never with a fault, and is counted until then.
                _ = Task.Run(() => ServeAsync(client, serverOptions, logger));
            }
            catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // No handles left, or a peer that changed its mind: neither is cured by trying at once.
                await Task.Delay(AfterFault, TimeProvider.System, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(Socket client, MqttServerOptions serverOptions, IMqttNetLogger logger)
    {
        try
        {
            client.NoDelay = true;
            var remote = (IPEndPoint)client.RemoteEndPoint!;
            await using var stream = await OpenAsync(new NetworkStream(client, ownsSocket: true));
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(serverOptions.WriterBufferSize, serverOptions.WriterBufferSizeMax));
            using var adapter = GuardedAdapterFactory.Create(new MqttTcpChannel(stream, client.LocalEndPoint!, remote, null!), new PacketGuard(options.MaxPayloadBytes, onCut: meter.Cut), formatter, logger);
            if (ClientHandler is { } serve)
                await serve(adapter);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A handshake that failed, a peer that went away: it is that connection's end and nobody else's.
            meter.Connection("broken");
        }
        finally
        {
            client.Dispose();
            if (Interlocked.Decrement(ref _count) == 0 && _stopping.IsCancellationRequested)
                _drained.TrySetResult();
        }
    }

    private async Task<Stream> OpenAsync(NetworkStream stream)
    {
        if (certificate is null)
            return stream;
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.ConnectLimitS));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, either.Token);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }
}
