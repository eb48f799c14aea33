namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>A simulated device's log, and a bell for those who listen. Full, it forgets its oldest entries, as a device does. Thread-safe.</summary>
internal sealed class SimulatedLog
{
    // A terminal's own number; the oldest go by the thousand, since each time the others move up.
    private const int MostEntries = 150_000;
    private const int ForgottenAtOnce = 10_000;

    private readonly Lock _gate = new();
    private readonly List<(SimulatedEvent Event, bool IsLogged)> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _forgotten;
    private long _lastSerial;

    /// <summary>Entries that its log can be asked for.</summary>
    public IReadOnlyList<SimulatedEvent> Logged
    {
        get
        {
            lock (_gate)
                return [.. _entries.Where(entry => entry.IsLogged).Select(entry => entry.Event)];
        }
    }

    /// <summary>How many there have been, a listener's position.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _forgotten + _entries.Count;
        }
    }

    /// <param name="make">Serial and the one before it in; the entry out.</param>
    /// <param name="isLogged">False for what is only said and not written down: a question.</param>
    public SimulatedEvent Add(Func<long, long, SimulatedEvent> make, bool isLogged = true)
    {
        SimulatedEvent happened;
        TaskCompletionSource changed;
        lock (_gate)
        {
            happened = make(_lastSerial + 1, _lastSerial);
            _lastSerial++;
            _entries.Add((happened, isLogged));
            if (_entries.Count > MostEntries)
            {
                _entries.RemoveRange(0, ForgottenAtOnce);
                _forgotten += ForgottenAtOnce;
            }

            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        return happened;
    }

    /// <summary>As by a factory reset: gone, and counted from one again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _lastSerial = 0;
            for (var i = 0; i < _entries.Count; i++)
                _entries[i] = (_entries[i].Event, false);
        }
    }

    /// <summary>What a listener at this position has not heard yet, and the task that ends when there is more.</summary>
    public (IReadOnlyList<SimulatedEvent> News, int Position, Task Changed) From(int position, bool loggedOnly)
    {
        lock (_gate)
            return ([.. _entries.Skip(position - _forgotten).Where(entry => entry.IsLogged || !loggedOnly).Select(entry => entry.Event)], _forgotten + _entries.Count, _changed.Task);
    }
}
