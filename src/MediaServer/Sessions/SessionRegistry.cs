using System.Collections.Concurrent;
using MediaScore.Storage;

namespace MediaScore.MediaServer.Sessions;

/// <summary>All unfinished interviews of this node. Thread-safe.</summary>
internal sealed class SessionRegistry
{
    // Who creates an interview and streams into it does so within minutes.
    private static readonly TimeSpan CreationHold = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, LiveInterview> _interviews = new(StringComparer.Ordinal);

    public int Count => _interviews.Count;

    /// <summary>
    /// Interviews that run, or whose candidate may be about to come: one that nobody streams into gives its place back. An invitation takes none until its candidate comes,
    /// and what is left to do after the end can wait.
    /// </summary>
    public int TakenPlaces => _interviews.Values.Count(i => i.Row.State switch
    {
        InterviewState.Running => true,
        InterviewState.Created => i.Candidate is not null || (!i.Row.Invited && i.Idle < CreationHold),
        _ => false,
    });

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
