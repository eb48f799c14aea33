using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MediaScore.DeviceStreams.Simulation;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>
/// A badge reader or a sensor that speaks MQTT: it numbers what happens, keeps it until the broker has acknowledged it, comes back whenever it was cut off, and does what it is told.
/// </summary>
public sealed class SimulatedMqttDevice : IDeviceSimulator
{
    private static readonly TimeSpan HelloPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReplyLimit = TimeSpan.FromSeconds(10);

    private readonly MqttDevicePlan _plan;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly SimulatedEvents<(string Word, byte[] Payload)> _events;
    private readonly string _boot;
    private long _sequence;

    public SimulatedMqttDevice(MqttDevicePlan plan, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.EventsPerSecond, 0.01, nameof(plan));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.EventsPerSecond, 10_000, nameof(plan));
        (_plan, _time, _random) = (plan, time, new Random(plan.Seed));
        // Another one each time it is switched on, as a real device's is.
        _boot = Guid.NewGuid().ToString("N")[..8];
        _events = new SimulatedEvents<(string Word, byte[] Payload)>(plan.EventsPerSecond, plan.EventLimit, plan.Seed, plan.Misbehaviour, time, Counts, Next);
    }

    public string Serial => _plan.Serial;

    public SimulationCounts Counts { get; } = new();

    /// <summary>What it was told to do, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Lives until cancelled, or until all of the plan's events are acknowledged.</summary>
    // Switched off or cut in the middle of something, the library says so in several ways, a time-out among them.
    public Task RunAsync(CancellationToken cancellationToken) => _events.RunAsync(LiveAsync, static fault => fault is not OutOfMemoryException, cancellationToken);

    private async Task LiveAsync(CancellationToken life)
    {
        // Disposed without a word: that is what a cut looks like.
        using var client = new MqttClientFactory().CreateMqttClient();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += _ =>
        {
            lost.TrySetResult();
            return Task.CompletedTask;
        };
        client.ApplicationMessageReceivedAsync += received => ObeyAsync(client, received, life);
        var connected = await LimitedAsync(limit => client.ConnectAsync(Options(), limit), life);
        if (connected.ResultCode != MqttClientConnectResultCode.Success)
        {
            Counts.CountRefused();
            throw new InvalidOperationException($"the broker refused: {connected.ResultCode}");
        }

        var mine = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic => topic.WithTopic(MqttTopic.Command(_plan.Tenant, Serial)).WithAtLeastOnceQoS()).Build();
        await LimitedAsync(limit => client.SubscribeAsync(mine, limit), life);
        await SayHelloAsync(client, life);
        await SendAllAsync(client, lost.Task, life);
    }

    private async Task SendAllAsync(IMqttClient client, Task lost, CancellationToken cancellationToken)
    {
        var hello = _time.GetUtcNow() + HelloPeriod;
        while (!lost.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            if (_events.TryPeek(out var next))
            {
                await SendAsync(client, next.Word, next.Payload, cancellationToken);
                // Only what was acknowledged is forgotten.
                _events.Forget(1);
                Counts.CountAnswered();
            }
            else if (_events.HasEnded)
            {
                await client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellationToken);
                return;
            }
            else
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), _time, cancellationToken);
            }

            if (_time.GetUtcNow() < hello)
                continue;
            hello += HelloPeriod;
            await SayHelloAsync(client, cancellationToken);
        }
    }

    private async Task SendAsync(IMqttClient client, string word, byte[] payload, CancellationToken cancellationToken)
    {
        if (_plan.Misbehaviour.HasFlag(Misbehaviour.CutBodies) && _random.Next(8) == 0)
            await TryPublishAsync(client, word, payload[..(payload.Length / 2)], cancellationToken);
        await PublishAsync(client, word, payload, cancellationToken);
        if (_plan.Misbehaviour.HasFlag(Misbehaviour.Resends) && _random.Next(4) == 0)
        {
            await PublishAsync(client, word, payload, cancellationToken);
            Counts.CountResent();
        }
    }

    private async Task TryPublishAsync(IMqttClient client, string word, byte[] payload, CancellationToken cancellationToken)
    {
        var published = await LimitedAsync(limit => client.PublishAsync(Message(word, payload), limit), cancellationToken);
        if (!published.IsSuccess)
            Counts.CountRefused();
    }

    private async Task PublishAsync(IMqttClient client, string word, byte[] payload, CancellationToken cancellationToken)
    {
        var published = await LimitedAsync(limit => client.PublishAsync(Message(word, payload), limit), cancellationToken);
        if (!published.IsSuccess)
            throw new InvalidOperationException($"the broker did not take it: {published.ReasonCode} {published.ReasonString}");
    }

    private Task SayHelloAsync(IMqttClient client, CancellationToken cancellationToken) => PublishAsync(
        client, "hello", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"model":"{{_plan.Model}}","firmware":"simulated","online":true,"queued":{{_events.Count}}}""")), cancellationToken);

    private async Task ObeyAsync(IMqttClient client, MqttApplicationMessageReceivedEventArgs received, CancellationToken cancellationToken)
    {
        using var command = JsonDocument.Parse(received.ApplicationMessage.Payload);
        var (id, kind) = (command.RootElement.GetProperty("id").GetInt64(), command.RootElement.GetProperty("kind").GetString()!);
        // A door must not open tomorrow because it was offline today.
        var isLate = command.RootElement.GetProperty("expiresAt").GetDateTimeOffset() < _time.GetUtcNow();
        if (!isLate)
            Commands.Enqueue(kind);
        var answer = string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"succeeded":{{(isLate ? "false" : "true")}},"message":"{{(isLate ? "too late" : "simulated")}}"}""");
        await PublishAsync(client, "result", Encoding.UTF8.GetBytes(answer), cancellationToken);
    }

    private (string Word, byte[] Payload) Next(DateTimeOffset now, Random random)
    {
        var number = ++_sequence;
        var what = _plan.IsSensor
            ? string.Create(CultureInfo.InvariantCulture, $$""","readings":[{"name":"temperature","value":{{Math.Round(18 + (6 * random.NextDouble()), 2)}},"unit":"Cel"}]""")
            : string.Create(CultureInfo.InvariantCulture, $$""","badge":"B-{{random.Next(1000):0000}}","rssiDbm":{{-90 + random.Next(50)}},"batteryPercent":{{random.Next(101)}},"direction":"{{(random.Next(2) == 0 ? "in" : "out")}}" """);
        var json = string.Create(CultureInfo.InvariantCulture, $$"""{"seq":{{number}},"boot":"{{_boot}}","at":"{{now:yyyy-MM-dd'T'HH:mm:ss.fff}}Z"{{what}}}""");
        return (_plan.IsSensor ? "reading" : "seen", Encoding.UTF8.GetBytes(json));
    }

    private MqttApplicationMessage Message(string word, byte[] payload) => new MqttApplicationMessageBuilder()
        .WithTopic(MqttTopic.Of(_plan.Tenant, Serial, word)).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    private MqttClientOptions Options()
    {
        var name = $"{_plan.Tenant}/{Serial}";
        return new MqttClientOptionsBuilder()
            .WithConnectionUri(_plan.Server)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(name)
            .WithCredentials(name, _plan.Key)
            .WithCleanStart(false)
            .WithSessionExpiryInterval(3_600)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(15))
            .WithWillTopic(MqttTopic.Of(_plan.Tenant, Serial, "hello"))
            .WithWillPayload("""{"online":false}""")
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
    }

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ReplyLimit, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        return await ask(limit.Token);
    }
}
