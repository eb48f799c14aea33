using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>
/// Tells devices what they are to do: at once where a device has spoken lately, again after a minute without an answer, and never later than a command is good for. Thread-safe; one loop
/// publishes for all devices.
/// </summary>
internal sealed partial class MqttCommands : IAsyncDisposable
{
    // A device does a few things at a time; the rest comes with its answers.
    private const int CommandsAtOnce = 16;

    // One that finds no place is looked after with all others, at the next sweep.
    private const int WaitingDevices = 1_024;

    // Commands without an answer are due again after a minute.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(20);

    private readonly MqttServices _services;
    private readonly MqttMeter _meter;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Attended> _attended = new(StringComparer.Ordinal);
    private readonly Channel<string?> _due = Channel.CreateBounded<string?>(new BoundedChannelOptions(WaitingDevices) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _sweeps;
    private readonly Task _loop;

    public MqttCommands(MqttServices services, MqttMeter meter, ILogger logger)
    {
        (_services, _meter, _logger) = (services, meter, logger);
        _sweeps = services.Time.CreateTimer(static due => ((ChannelWriter<string?>)due!).TryWrite(null), _due.Writer, SweepPeriod, SweepPeriod);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>A device has spoken: it hears at once what waits for it, and what will.</summary>
    public void Attend(Device device, IMqttPublisher via)
    {
        if (IsAttended(device, via))
            return;
        // One at a time: of two bells only the later one rings, and it has to be the one that is known.
        lock (_gate)
        {
            if (IsAttended(device, via))
                return;
            _attended.TryGetValue(device.Id, out var before);
            var bell = _services.Commands.Listen(device.Id, () => _due.Writer.TryWrite(device.Id));
            _attended[device.Id] = new Attended(device, via, bell);
            before?.Bell.Dispose();
        }

        _due.Writer.TryWrite(device.Id);
    }

    /// <summary>It is gone, as its last will says; what is queued for it waits.</summary>
    public void Forget(Device device)
    {
        lock (_gate)
        {
            if (_attended.TryRemove(device.Id, out var known))
                known.Bell.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sweeps.DisposeAsync();
        _due.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        foreach (var known in _attended.Values)
            known.Bell.Dispose();
        _stopping.Dispose();
    }

    private bool IsAttended(Device device, IMqttPublisher via) =>
        _attended.TryGetValue(device.Id, out var known) && ReferenceEquals(known.Via, via) && ReferenceEquals(known.Device, device);

    private async Task RunAsync()
    {
        await foreach (var id in _due.Reader.ReadAllAsync())
        {
            foreach (var device in Due(id))
            {
                if (_stopping.IsCancellationRequested)
                    return;
                await SendAsync(device, isSweep: id is null);
            }
        }
    }

    /// <param name="id">Null: all of them.</param>
    private IReadOnlyList<Attended> Due(string? id)
    {
        if (id is null)
            return [.. _attended.Values];
        return _attended.TryGetValue(id, out var one) ? [one] : [];
    }

    private async Task SendAsync(Attended attended, bool isSweep)
    {
        var device = attended.Device;
        // A device that is merely not heard of keeps its place, and its commands wait.
        if (device.Row.State != DeviceState.Approved || (isSweep && !_services.Registry.IsOnline(device)))
            return;
        try
        {
            foreach (var row in await _services.Commands.TakeAsync(device.Id, CommandsAtOnce, _stopping.Token))
            {
                var left = row.ExpiresAt - _services.Time.GetUtcNow();
                var taken = left > TimeSpan.Zero
                    && await attended.Via.PublishAsync(MqttTopic.Command(device.Tenant, device.Row.Serial), ToJson(row), left, _stopping.Token);
                _meter.Command(taken);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next process goes on.
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogNotSent(device.Id, fault);
        }
    }

    private static byte[] ToJson(DeviceCommandRow row)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", row.Id);
            writer.WriteString("kind", row.Kind);
            writer.WritePropertyName("arguments");
            writer.WriteRawValue(row.Arguments);
            writer.WriteString("expiresAt", row.ExpiresAt);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    [LoggerMessage(1, LogLevel.Warning, "Commands of device {DeviceId} could not be sent; it is tried again")]
    private partial void LogNotSent(string deviceId, Exception fault);

    private sealed record Attended(Device Device, IMqttPublisher Via, IDisposable Bell);
}
