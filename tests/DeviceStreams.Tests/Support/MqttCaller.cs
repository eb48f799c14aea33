using System.Collections.Concurrent;
using System.Buffers;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>A client that does what it is told, right or wrong.</summary>
internal sealed class MqttCaller : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly SemaphoreSlim _heard = new(0);

    public MqttCaller() => _client.ApplicationMessageReceivedAsync += received =>
    {
        Heard.Enqueue((received.ApplicationMessage.Topic, Encoding.UTF8.GetString(received.ApplicationMessage.Payload.ToArray())));
        _heard.Release();
        return Task.CompletedTask;
    };

    public ConcurrentQueue<(string Topic, string Payload)> Heard { get; } = new();

    public bool IsConnected => _client.IsConnected;

    public async Task<MqttClientConnectResultCode> ConnectAsync(Uri server, string name, string? key, string? clientId = null, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var options = new MqttClientOptionsBuilder().WithConnectionUri(server).WithProtocolVersion(version).WithClientId(clientId ?? name).WithCleanStart();
        if (key is not null)
            options.WithCredentials(name, key);
        return (await _client.ConnectAsync(options.Build(), TestContext.Current.CancellationToken)).ResultCode;
    }

    public Task<MqttClientPublishResult> PublishAsync(string topic, string payload, bool retain = false) => PublishAsync(topic, Encoding.UTF8.GetBytes(payload), retain);

    public Task<MqttClientPublishResult> PublishAsync(string topic, byte[] payload, bool retain = false) => _client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag(retain).Build(),
        TestContext.Current.CancellationToken);

    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string filter)
    {
        var options = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic => topic.WithTopic(filter).WithAtLeastOnceQoS()).Build();
        return (await _client.SubscribeAsync(options, TestContext.Current.CancellationToken)).Items.Single().ResultCode;
    }

    /// <summary>The next message that it hears.</summary>
    public async Task<(string Topic, string Payload)> NextAsync()
    {
        await DeviceSite.WithinAsync(_heard.WaitAsync(), () => "a message");
        Heard.TryDequeue(out var message).ShouldBeTrue();
        return message;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _heard.Dispose();
        return ValueTask.CompletedTask;
    }
}
