namespace MediaScore.DeviceStreams.Simulation;

/// <summary>Simulated devices that live side by side for a while, and what came of it. Run it once.</summary>
public sealed class SimulationRun
{
    // As people switch them on: not all at once, but the last of five hundred within two seconds.
    private static readonly TimeSpan MostSpread = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time;
    private readonly IDeviceSimulator[] _devices;
    private readonly Lock _gate = new();
    private readonly LatencyCounts _latencies = new();
    private readonly SortedDictionary<string, long> _outcomes = new(StringComparer.Ordinal);
    private long _decisions;
    private long _recognised;
    private long _takenForAnother;
    private long _notRecognised;
    private string? _fault;
    private long _began;
    private TimeSpan? _length;

    /// <exception cref="ArgumentException">The order has faults; the message names them all.</exception>
    public SimulationRun(SimulatorEntry entry, SimulationOrder order, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(order);
        if (order.Faults() is { Count: > 0 } faults)
            throw new ArgumentException(string.Join("; ", faults), nameof(order));
        if (entry.NeedsFaces && order.Faces.Count == 0)
            throw new ArgumentException($"{entry.Name} shows faces, and there is none", nameof(order));
        _time = time;
        _began = time.GetTimestamp();
        _devices = [.. Enumerable.Range(1, order.Count).Select(number => entry.Create(new SimulatedDevice(order, number, time, Note)))];
    }

    /// <summary>Until cancelled, or so long.</summary>
    /// <param name="length">Null: until cancelled.</param>
    public async Task RunAsync(TimeSpan? length, CancellationToken cancellationToken)
    {
        _began = _time.GetTimestamp();
        using var limit = length is { } set ? new CancellationTokenSource(set, _time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var spread = _devices.Length > 1 ? TimeSpan.FromTicks(Math.Min(Spread.Ticks, MostSpread.Ticks / _devices.Length)) : TimeSpan.Zero;
        await Task.WhenAll(_devices.Select((device, index) => LiveAsync(device, spread * index, stop.Token)));
        _length = _time.GetElapsedTime(_began);
        foreach (var device in _devices)
            await EndAsync(device);
    }

    /// <summary>So far. May be asked at any time.</summary>
    public SimulationTotals Totals()
    {
        var counts = _devices.Select(device => device.Counts).ToList();
        lock (_gate)
        {
            return new SimulationTotals(
                (_length ?? _time.GetElapsedTime(_began)).TotalSeconds, _devices.Length, counts.Sum(c => c.Sent), counts.Sum(c => c.Answered), counts.Sum(c => c.Refused),
                counts.Sum(c => c.Reconnects), counts.Sum(c => c.Resent), _decisions, new SortedDictionary<string, long>(_outcomes, StringComparer.Ordinal),
                _recognised, _takenForAnother, _notRecognised,
                _latencies.QuantileMs(0.5), _latencies.QuantileMs(0.95), _latencies.QuantileMs(0.99), _latencies.QuantileMs(1), _fault);
        }
    }

    private async Task LiveAsync(IDeviceSimulator device, TimeSpan after, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(after, _time, cancellationToken);
            await device.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Its time is over.
        }
        catch (Exception fault)
        {
            // The others go on: what one device does wrong is no fault of theirs.
            lock (_gate)
                _fault ??= $"{device.Serial}: {fault.GetType().Name}: {fault.Message}";
        }
    }

    private static async ValueTask EndAsync(IDeviceSimulator device)
    {
        if (device is IAsyncDisposable connected)
            await connected.DisposeAsync();
        else if (device is IDisposable owner)
            owner.Dispose();
    }

    private void Note(SimulatedDecision decision)
    {
        lock (_gate)
        {
            if (decision.DueAt is { } due)
                _latencies.Add(decision.AnsweredAt - due);
            _decisions++;
            _outcomes[decision.Outcome] = _outcomes.GetValueOrDefault(decision.Outcome) + 1;
            if (decision.Recognised.Length == 0)
                _notRecognised += decision.Expected.Length > 0 ? 1 : 0;
            else if (decision.Recognised == decision.Expected)
                _recognised++;
            else
                _takenForAnother++;
        }
    }
}
