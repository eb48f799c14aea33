using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>A broker as a site has it: lets everybody do everything, and keeps sessions over a restart, as one does that writes them to its disk.</summary>
internal sealed class SiteBroker : IAsyncDisposable
{
    private readonly MqttServer _server;
    private readonly MqttServerOptions _options;

    private SiteBroker()
    {
        _options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(0)
            .WithPersistentSessions()
            .WithMaxPendingMessagesPerClient(100_000)
            .Build();
        _server = new MqttServerFactory().CreateMqttServer(_options);
        _server.InterceptingPublishAsync += published =>
        {
            Published.Enqueue((published.ClientId, published.ApplicationMessage.Topic, Encoding.UTF8.GetString(published.ApplicationMessage.Payload.ToArray())));
            return Task.CompletedTask;
        };
    }

    public Uri Address => new($"mqtt://127.0.0.1:{_options.DefaultEndpointOptions.Port}");

    /// <summary>All that was published, by whom and where.</summary>
    public ConcurrentQueue<(string Client, string Topic, string Payload)> Published { get; } = new();

    public static async Task<SiteBroker> StartAsync()
    {
        var broker = new SiteBroker();
        await broker._server.StartAsync();
        return broker;
    }

    /// <summary>Cuts all connections and listens again on the same port; what it had to deliver it still has.</summary>
    public async Task RestartAsync()
    {
        await _server.StopAsync(new MqttServerStopOptions());
        await _server.StartAsync();
    }

    public Task PublishAsync(string topic, string payload, bool retain = false) => PublishAsync(topic, Encoding.UTF8.GetBytes(payload), retain);

    public Task PublishAsync(string topic, byte[] payload, bool retain = false)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag(retain).Build();
        return _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = "somebody" });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new MqttServerStopOptions());
        _server.Dispose();
    }
}
