using MQTTnet;
using MQTTnet.Protocol;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>
/// This server at the site's broker: one persistent session, connected again whenever it was cut. The broker keeps a message until it is acknowledged, and it is acknowledged when it is on the
/// disk; what comes twice is known by its key. Start it once.
/// </summary>
internal sealed partial class MqttLink : IMqttPublisher, IAsyncDisposable
{
    // A fifth of a second's retained messages at the default rate: a live message never waits for more.
    private const int RetainedAtOnce = 40;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryRetained = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    private readonly MqttServices _services;
    private readonly MqttIntake _intake;
    private readonly MqttMeter _meter;
    private readonly ILogger _logger;
    private readonly RetainedLane _retained;
    private readonly CancellationTokenSource _stopping = new();

    // Who has it stores: live messages batch after batch, retained ones a batch at a time.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly MqttClientOptions _options;
    private volatile MqttConnection? _connection;
    private Task _running = Task.CompletedTask;
    private Task _draining = Task.CompletedTask;

    /// <exception cref="Exception">A certificate cannot be read.</exception>
    public MqttLink(MqttServices services, MqttIntake intake, MqttMeter meter, ILogger logger)
    {
        (_services, _intake, _meter, _logger) = (services, intake, meter, logger);
        _options = MqttLinkOptions.Build(services);
        _retained = new RetainedLane(services.Options.MaxRetained, (long)services.Options.MaxRetainedKiB << 10);
        meter.ObserveLink(() => _connection is null ? 0 : 1, () => _retained.Count);
    }

    /// <summary>After messages are on the disk and before they are acknowledged; what it throws ends the connection, as a cut there would. For tests.</summary>
    internal Action? Stored { get; set; }

    /// <summary>A connection was opened or has ended.</summary>
    internal event Action<bool>? Turned;

    public bool IsConnected => _connection is not null;

    public void Start()
    {
        _running = Task.Run(RunAsync);
        _draining = Task.Run(DrainRetainedAsync);
    }

    public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, TimeSpan expiresIn, CancellationToken cancellationToken)
    {
        if (_connection is not { } connection)
            return false;
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(payload.ToArray()).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (_services.Options.Version == "5")
            message.WithMessageExpiryInterval((uint)Math.Max(1, Math.Ceiling(expiresIn.TotalSeconds)));
        try
        {
            return await connection.PublishAsync(message.Build(), cancellationToken);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // Cut in the middle; it is said again.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _draining;
        _turn.Dispose();
        _stopping.Dispose();
    }

    internal async ValueTask<Turn> TurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    internal async Task TakeAsync(IReadOnlyList<MqttArrival> arrivals, CancellationToken cancellationToken)
    {
        await _intake.TakeAsync(arrivals, this, cancellationToken);
        Stored?.Invoke();
    }

    /// <summary>Takes a retained message for later, or drops it: then the broker still has it.</summary>
    internal void TakeRetained(MqttArrival arrival)
    {
        if (!_retained.TryAdd(arrival))
            _intake.Drop(arrival.Report, MqttDrop.RetainedFlood, $"more than {_services.Options.MaxRetained} retained messages, or {_services.Options.MaxRetainedKiB} KiB of them, wait already");
    }

    internal void NoteFault(Exception fault) => LogNotStored(fault);

    private async Task RunAsync()
    {
        var backOff = new BackOff(FirstBackOff, TimeSpan.FromSeconds(_services.Options.MaxBackOffS), Lasting);
        // What an earlier process took of the retained ones and did not store is lost with it; the broker has it still.
        var wantsRetained = true;
        while (!_stopping.IsCancellationRequested)
        {
            var began = _services.Time.GetTimestamp();
            var wasOpen = await LiveAsync(wantsRetained);
            wantsRetained &= !wasOpen;
            var wait = backOff.Next(wasOpen ? _services.Time.GetElapsedTime(began) : TimeSpan.Zero, Random.Shared.NextDouble());
            await Task.Delay(wait, _services.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there was a connection.</returns>
    private async Task<bool> LiveAsync(bool wantsRetained)
    {
        var wasOpen = false;
        await using var connection = new MqttConnection(this, _services, _meter);
        try
        {
            if (await connection.OpenAsync(_options, wantsRetained, _stopping.Token) is { } refused)
            {
                _meter.Connection("refused");
                LogRefused(_services.Options.Server, refused);
                return false;
            }

            wasOpen = true;
            _connection = connection;
            _meter.Connection("opened");
            LogOpened(_services.Options.Server, _services.Tenant);
            Turned?.Invoke(true);
            var why = await connection.Ended.WaitAsync(_stopping.Token);
            _meter.Connection("lost");
            LogLost(_services.Options.Server, why);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(GoodbyeLimit, _services.Time);
            await connection.CloseAsync(limit.Token);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _meter.Connection("failed");
            LogFailed(_services.Options.Server, fault.Message);
        }
        finally
        {
            _connection = null;
            if (wasOpen)
                Turned?.Invoke(false);
        }

        return wasOpen;
    }

    private async Task DrainRetainedAsync()
    {
        var count = Math.Min(RetainedAtOnce, _services.Options.RetainedPerSecond);
        var period = TimeSpan.FromSeconds((double)count / _services.Options.RetainedPerSecond);
        try
        {
            while (true)
            {
                var batch = await _retained.TakeAsync(count, _stopping.Token);
                while (!await TryStoreRetainedAsync(batch))
                    await Task.Delay(RetryRetained, _services.Time, _stopping.Token);
                await Task.Delay(period, _services.Time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next process asks for them again.
        }
    }

    private async Task<bool> TryStoreRetainedAsync(IReadOnlyList<MqttArrival> batch)
    {
        await using var turn = await TurnAsync(_stopping.Token);
        try
        {
            await _intake.TakeAsync(batch, this, _stopping.Token);
            return true;
        }
        catch (Exception fault) when (fault is not (OutOfMemoryException or OperationCanceledException))
        {
            LogNotStored(fault);
            return false;
        }
    }

    /// <summary>The right to store; dispose it to pass it on.</summary>
    internal readonly struct Turn(SemaphoreSlim turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Release();
            return ValueTask.CompletedTask;
        }
    }
}
