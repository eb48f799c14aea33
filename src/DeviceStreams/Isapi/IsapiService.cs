using System.Collections.Concurrent;
using System.Threading.Channels;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Isapi;

/// <summary>
/// All Hikvision devices: one connection for each approved one with an address, and the listener for those that post. Start it after the registry is loaded; dispose it before the journal.
/// Thread-safe.
/// </summary>
public sealed partial class IsapiService : IAsyncDisposable
{
    // New devices come by a person's hand; who approves one sees it connect.
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger;
    private readonly IsapiServices _services;
    private readonly ConcurrentDictionary<string, IsapiConnection> _connections = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IsapiMeter _meter;
    private Task? _loop;
    private int _disposed;

    /// <param name="faces">1:1 verification where a question brings a picture; null: the device's own word counts.</param>
    public IsapiService(
        DeviceRegistry registry, CommandQueue commands, EventJournal journal, IEventPictures pictures, IDoorPeople people, IFaceVerifier? faces, IDoorPolicy policy, TenantKeys keys,
        DeviceOptions devices, IsapiOptions options, TimeProvider time, ILogger<IsapiService> logger)
    {
        _logger = logger;
        _services = new IsapiServices(registry, commands, journal, pictures, people, faces, policy, keys, devices, options, time, logger) { Announce = status => StatusChanged?.Invoke(status) };
        _meter = new IsapiMeter(this, () => _services.Counts.Values);
        Listener = new IsapiListener(_services, id => _connections.TryGetValue(id, out var connection) ? connection.Session : null);
    }

    /// <summary>It is another with a device that the server calls; on the device's own loop, so be quick and never throw.</summary>
    public event Action<IsapiStatus>? StatusChanged;

    /// <summary>For what devices post.</summary>
    public IsapiListener Listener { get; }

    /// <summary>Begins to call devices. Once.</summary>
    public void Start()
    {
        _services.Registry.Changed += OnChanged;
        _loop ??= Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>How a device is doing that the server calls; null for all others.</summary>
    public IsapiStatus? StatusOf(string deviceId) => _connections.TryGetValue(deviceId, out var connection) ? connection.Status : null;

    /// <summary>What a device has brought since the server started, whichever way.</summary>
    public IsapiCounts CountsOf(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return _services.CountsOf(device);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _services.Registry.Changed -= OnChanged;
        await _stopping.CancelAsync();
        if (_loop is not null)
            await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Keys.Select(EndAsync));
        _services.Quiet.Dispose();
        _meter.Dispose();
        _stopping.Dispose();
    }

    private static bool IsCalled(DeviceRow row) => row is { Protocol: DeviceProtocol.Isapi, State: DeviceState.Approved, Address.Length: > 0 };

    private void OnChanged(Device device) => _looks.Writer.TryWrite(true);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wasRung = _looks.Reader.TryRead(out _);
            try
            {
                await LookAsync(wasRung);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                LogLookFailed(fault);
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_looks.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(LookPeriod, _services.Time, over.Token));
            await over.CancelAsync();
        }
    }

    private async Task LookAsync(bool wasRung)
    {
        var wanted = _services.Registry.List().Where(device => IsCalled(device.Row)).ToDictionary(device => device.Id, StringComparer.Ordinal);
        var over = new List<Task>();
        foreach (var (id, connection) in _connections)
        {
            if (!wanted.TryGetValue(id, out var device) || !ReferenceEquals(device, connection.Device) || !connection.IsOf(device.Row))
                over.Add(EndAsync(id));
            else if (wasRung)
                connection.Poke();
        }

        // A device has one place for a listener: the new connection comes after the end of the old one. All at once, since each may wait for a device that does not answer.
        await Task.WhenAll(over);
        foreach (var (id, device) in wanted)
        {
            if (_connections.ContainsKey(id))
                continue;
            var connection = new IsapiConnection(device, _services);
            _connections[id] = connection;
            connection.Start();
        }
    }

    private async Task EndAsync(string id)
    {
        if (_connections.TryRemove(id, out var connection))
            await connection.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Hikvision devices could not be looked through; tried again")]
    private partial void LogLookFailed(Exception exception);
}
