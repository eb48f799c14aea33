using System.Threading.Channels;
using MediaScore.DeviceStreams.Mqtt.Wire;
using MQTTnet;
using MQTTnet.Protocol;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>
/// One connection to the site's broker, from CONNECT to its end; the next one is another object, since an acknowledgement of this one must never reach another (its numbers mean other
/// messages there). Messages are read in the order in which they come, stored many at a time, and acknowledged in that order once they are on the disk.
/// </summary>
internal sealed class MqttConnection : IAsyncDisposable
{
    // Read by the library and not yet handed to us; 32 of the longest that can be are 5 MB.
    private const int PendingMessages = 32;

    private static readonly TimeSpan ReplyLimit = TimeSpan.FromSeconds(10);

    private readonly MqttLink _link;
    private readonly MqttServices _services;
    private readonly PacketGuard _guard;
    private readonly IMqttClient _client;
    private readonly Channel<Waiting> _waiting;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not the server's: when that stops, there is still a goodbye to say.
    private readonly CancellationTokenSource _life = new();
    private Task _storing = Task.CompletedTask;

    public MqttConnection(MqttLink link, MqttServices services, MqttMeter meter)
    {
        (_link, _services) = (link, services);
        _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(services.Options.InFlight) { SingleReader = true, SingleWriter = true });
        _guard = new PacketGuard(services.Options.MaxPayloadBytes, PendingMessages, meter.Cut);
        _client = new MqttClientFactory().CreateMqttClient(new GuardedAdapterFactory(_guard));
        _client.ApplicationMessageReceivedAsync += OnMessageAsync;
        _client.DisconnectedAsync += disconnected =>
        {
            _ended.TrySetResult(disconnected.ReasonString is { Length: > 0 } words ? words : disconnected.Exception?.Message ?? disconnected.Reason.ToString());
            return Task.CompletedTask;
        };
    }

    /// <summary>Ends with the connection, and says why it ended.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Connects, says that this server is there, and listens.</summary>
    /// <param name="wantsRetained">The broker is to send what it retains, also where it knows this server's subscriptions already.</param>
    /// <returns>Null, or why there is no connection.</returns>
    public async Task<string?> OpenAsync(MqttClientOptions options, bool wantsRetained, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ReplyLimit, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _life.Token, cancellationToken);
        var connected = await _client.ConnectAsync(options, either.Token);
        if (connected.ResultCode != MqttClientConnectResultCode.Success)
            return $"the broker refused: {connected.ResultCode} {connected.ReasonString}".TrimEnd();
        // From here on messages come: those that the broker kept come before it is asked for anything.
        _storing = Task.Run(StoreAllAsync, CancellationToken.None);
        try
        {
            if (!connected.IsSessionPresent || wantsRetained || options.ProtocolVersion == MQTTnet.Formatter.MqttProtocolVersion.V500)
                await SubscribeAsync(connected.IsSessionPresent && !wantsRetained, either.Token);
            await PublishAsync(MqttLinkOptions.Status(_services, isOnline: true), either.Token);
            return null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException && _ended.Task.IsCompletedSuccessfully && !cancellationToken.IsCancellationRequested)
        {
            // Why it ended says more than that an answer did not come.
            throw new IOException(await _ended.Task, fault);
        }
    }

    /// <returns>False where the broker did not take it.</returns>
    public async Task<bool> PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ReplyLimit, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _life.Token, cancellationToken);
        var published = await _client.PublishAsync(message, either.Token);
        return published.IsSuccess;
    }

    /// <summary>Says goodbye where there is somebody to hear it; the broker keeps what comes from then on.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_client.IsConnected)
                return;
            await PublishAsync(MqttLinkOptions.Status(_services, isOnline: false), cancellationToken);
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellationToken);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The broker finds out by itself, and says the last will.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _life.CancelAsync();
        await _storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _life.Dispose();
    }

    private async Task SubscribeAsync(bool onlyNew, CancellationToken cancellationToken)
    {
        var filters = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in MqttTopic.Filters(_services.Tenant))
        {
            filters.WithTopicFilter(topic => topic.WithTopic(filter).WithAtLeastOnceQoS()
                .WithRetainHandling(onlyNew ? MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly : MqttRetainHandling.SendAtSubscribe));
        }

        var subscribed = await _client.SubscribeAsync(filters.Build(), cancellationToken);
        if (subscribed.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
            throw new InvalidOperationException($"the broker lets this server not listen to {refused.TopicFilter.Topic}: {refused.ResultCode}");
    }

    private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        received.AutoAcknowledge = false;
        try
        {
            var message = received.ApplicationMessage;
            var arrival = new MqttArrival(MqttReader.Read(message.Topic, message.Payload, _services.Options.MaxPayloadBytes, _services.Tenant), _services.Time.GetUtcNow());
            // A retained message stays at the broker whatever is answered, so its answer need not wait for the disk; it only keeps its place in the order.
            var isElsewhere = message.Retain && arrival.Report.Drop == MqttDrop.None;
            if (isElsewhere)
                _link.TakeRetained(arrival);
            await _waiting.Writer.WriteAsync(new Waiting(received, isElsewhere ? null : arrival), _life.Token);
        }
        finally
        {
            _guard.Release();
        }
    }

    private async Task StoreAllAsync()
    {
        try
        {
            var batch = new List<Waiting>();
            while (await _waiting.Reader.WaitToReadAsync(_life.Token))
            {
                await using var turn = await _link.TurnAsync(_life.Token);
                while (Fill(batch))
                    await StoreAsync(batch);
            }
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
            // What was not acknowledged comes again.
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _link.NoteFault(fault);
            _ended.TrySetResult("what came could not be stored");
            // Messages that nobody takes any more keep the broker's answers from being read: whoever waits for one would do so to its limit, and the next connection with it.
            await _life.CancelAsync();
        }
    }

    private bool Fill(List<Waiting> batch)
    {
        batch.Clear();
        while (batch.Count < _services.Options.InFlight && _waiting.Reader.TryRead(out var waiting))
            batch.Add(waiting);
        return batch.Count > 0;
    }

    private async Task StoreAsync(List<Waiting> batch)
    {
        await _link.TakeAsync([.. batch.Where(waiting => waiting.Arrival is not null).Select(waiting => waiting.Arrival!.Value)], _life.Token);
        foreach (var waiting in batch)
            await waiting.Received.AcknowledgeAsync(_life.Token);
    }

    /// <param name="Arrival">Null where it is only to be acknowledged.</param>
    private readonly record struct Waiting(MqttApplicationMessageReceivedEventArgs Received, MqttArrival? Arrival);
}
