using System.Diagnostics.Metrics;

namespace MediaScore.DeviceStreams.ZkPush;

/// <summary>What the PUSH server has done since the process began, here and on the meter <c>MediaScore.DeviceStreams</c>. Thread-safe.</summary>
public sealed class ZkPushCounts : IDisposable
{
    private readonly Meter _meter;
    private long _requests;
    private long _answered;
    private long _refused;
    private long _events;
    private long _duplicates;
    private long _unreadable;
    private long _forgotten;
    private long _faults;
    private long _commands;
    private long _results;

    /// <param name="owner">Whose instruments these are, among others of the same name.</param>
    internal ZkPushCounts(object owner)
    {
        _meter = DeviceMeter.Of(owner);
        Observe("mediascore.device.zk.requests", "{request}", "Requests of ZKTeco terminals, by how they went.", () => [Of("answered", Answered), Of("refused", Refused), Of("fault", Faults)]);
        Observe(
            "mediascore.device.zk.events", "{event}", "Records of ZKTeco terminals, by what became of them.",
            () => [Of("stored", Events), Of("duplicate", Duplicates), Of("unreadable", Unreadable), Of("forgotten", Forgotten)]);
        Observe("mediascore.device.zk.commands", "{command}", "Commands to ZKTeco terminals, by how far they came.", () => [Of("told", Commands), Of("ended", Results)]);
    }

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Answered: neither turned away nor failed.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Turned away: not approved, too many, wrong form.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Events stored.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Events that were there already.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Lines and bodies that could not be read.</summary>
    public long Unreadable => Interlocked.Read(ref _unreadable);

    /// <summary>Records that have no use here: templates of the maker's, portraits, identity cards.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>Requests that the disk or the database failed; the terminal sends them again.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>Command steps handed out.</summary>
    public long Commands => Interlocked.Read(ref _commands);

    /// <summary>Results that ended a command.</summary>
    public long Results => Interlocked.Read(ref _results);

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountAnswered() => Interlocked.Increment(ref _answered);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountStored(int events, int duplicates)
    {
        Interlocked.Add(ref _events, events - duplicates);
        Interlocked.Add(ref _duplicates, duplicates);
    }

    internal void CountRead(int unreadable, int forgotten)
    {
        Interlocked.Add(ref _unreadable, unreadable);
        Interlocked.Add(ref _forgotten, forgotten);
    }

    internal void CountFault() => Interlocked.Increment(ref _faults);

    internal void CountCommand() => Interlocked.Increment(ref _commands);

    internal void CountResult() => Interlocked.Increment(ref _results);

    public void Dispose() => _meter.Dispose();

    private static Measurement<long> Of(string outcome, long count) => new(count, new KeyValuePair<string, object?>("outcome", outcome));

    private void Observe(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) => _meter.CreateObservableCounter(name, read, unit, description);
}
