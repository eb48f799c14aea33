using System.Collections.Concurrent;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Sessions;

/// <summary>All unfinished interviews of this node. Thread-safe.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<string, LiveInterview> _interviews = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string Key), LiveInterview> _byKey = new();
    private int _version;

    public int Count => _interviews.Count;

    /// <summary>Another number whenever an interview came, went, changed its state, or its candidate came or went. A place that lapses because nobody came changes nothing here.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Interviews that have a place (<see cref="LiveInterview.HoldsPlace"/>).</summary>
    public int TakenPlaces => CountWhere(static interview => interview.HoldsPlace);

    /// <summary>Interviews that have ended and have no report yet.</summary>
    public int FinishingCount => _interviews.Values.Count(i => i.Row.State is InterviewState.Finishing);

    /// <summary>Interviews whose session is open.</summary>
    public int OpenCount => CountWhere(static interview => interview.Session is not null);

    public IReadOnlyCollection<LiveInterview> All => [.. _interviews.Values];

    /// <summary>The unfinished interview that an earlier call with the same idempotency key made.</summary>
    public LiveInterview? FindByIdempotencyKey(string tenant, string key) => _byKey.GetValueOrDefault((tenant, key));

    public LiveInterview? Find(string interviewId) => _interviews.GetValueOrDefault(interviewId);

    public void Add(LiveInterview interview)
    {
        if (!_interviews.TryAdd(interview.Row.Id, interview))
            throw new InvalidOperationException($"Interview {interview.Row.Id} is registered already.");
        if (interview.Row.IdempotencyKey is { } key)
            _byKey[(interview.Row.Tenant, key)] = interview;
        NoteChange();
    }

    public bool Remove(LiveInterview interview)
    {
        if (interview.Row.IdempotencyKey is { } key)
            _byKey.TryRemove(new((interview.Row.Tenant, key), interview));
        var removed = _interviews.TryRemove(new(interview.Row.Id, interview));
        NoteChange();
        return removed;
    }

    /// <summary>An interview's state has changed.</summary>
    public void NoteChange() => Interlocked.Increment(ref _version);

    /// <summary>Counts the interviews whose media can come now. Once a second: an interview is as old as the first count that saw it.</summary>
    public ConnectedInterviews CountConnected()
    {
        var (begun, settled) = (0, 0);
        foreach (var (_, interview) in _interviews)
        {
            // A gRPC client stays connected until it has its report: what is left to do after the end costs what it costs, not what an interview does.
            if (interview.Row.State is not (InterviewState.Created or InterviewState.Running) || !interview.IsMediaConnected)
                continue;
            if (interview.NoteMedia())
                settled++;
            else
                begun++;
        }

        return new ConnectedInterviews(begun, settled);
    }

    // Not Values, which takes every lock of the dictionary and copies it.
    private int CountWhere(Func<LiveInterview, bool> condition)
    {
        var count = 0;
        foreach (var (_, interview) in _interviews)
            count += condition(interview) ? 1 : 0;
        return count;
    }
}

/// <param name="New">Whose media have been coming for less than <see cref="LiveInterview.SettlingTime"/>.</param>
/// <param name="Settled">The others.</param>
internal readonly record struct ConnectedInterviews(int New, int Settled);
