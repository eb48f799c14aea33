using System.Collections.Concurrent;

namespace MediaScore.MediaServer.Sessions;

/// <summary>All unfinished interviews of this node. Thread-safe.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<string, LiveInterview> _interviews = new(StringComparer.Ordinal);

    public int Count => _interviews.Count;

    /// <summary>Interviews whose session is open.</summary>
    public int OpenCount => _interviews.Values.Count(i => i.Session is not null);

    public IReadOnlyCollection<LiveInterview> All => [.. _interviews.Values];

    public LiveInterview? Find(string interviewId) => _interviews.GetValueOrDefault(interviewId);

    public void Add(LiveInterview interview)
    {
        if (!_interviews.TryAdd(interview.Row.Id, interview))
            throw new InvalidOperationException($"Interview {interview.Row.Id} is registered already.");
    }

    public bool Remove(LiveInterview interview) => _interviews.TryRemove(new(interview.Row.Id, interview));
}
