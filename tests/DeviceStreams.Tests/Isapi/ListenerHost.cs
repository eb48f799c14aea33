using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi.Simulator;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>The host's part of what devices post: a socket before <c>IsapiListener.HandleAsync</c>. It can be stopped, started again, and cut off.</summary>
internal sealed class ListenerHost : IAsyncDisposable
{
    private readonly IsapiSite _site;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _clients = [];
    private readonly List<Task> _serving = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _port;

    private ListenerHost(IsapiSite site) => _site = site;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    public static async Task<ListenerHost> StartAsync(IsapiSite site)
    {
        var host = new ListenerHost(site);
        await host.StartAgainAsync();
        return host;
    }

    public Task StartAgainAsync()
    {
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Task.Run(() => AcceptAsync(_listener));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        _listener?.Stop();
        DropConnections();
        await _accepting;
        Task[] serving;
        lock (_gate)
            serving = [.. _serving];
        await Task.WhenAll(serving);
    }

    public void DropConnections()
    {
        lock (_gate)
        {
            // The socket and not the stream above it: what is cut off is a fault of the network, not of whoever serves. Those that have ended have none any more.
            foreach (var client in _clients)
                client.Client?.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                lock (_gate)
                {
                    _clients.Add(client);
                    _serving.Add(ServeAsync(client));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        try
        {
            await using var stream = new BufferedStream(client.GetStream());
            while (await SimulatedHttp.ReadRequestAsync(stream, CancellationToken.None) is { } request)
            {
                var reply = await _site.Service.Listener.HandleAsync(new DeviceRequest(request.Method, request.Path, "", request.Headers, request.Body, IPAddress.Loopback), CancellationToken.None);
                await SimulatedHttp.WriteAsync(stream, new SimulatedResponse(reply.Status, reply.ContentType, Encoding.UTF8.GetString(reply.Body.Span)), CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The device has gone, or was cut off.
        }
        finally
        {
            client.Dispose();
        }
    }
}
