using System.Collections.Immutable;

namespace MediaScore.Pipelines.Session;

/// <summary>Who else listens to a session's events. Telling takes no lock. Thread-safe.</summary>
internal sealed class SessionObservers
{
    private ImmutableArray<Observation> _observers = [];

    public IDisposable Add(Action<SessionEvent> observer)
    {
        var observation = new Observation(this, observer);
        ImmutableInterlocked.Update(ref _observers, static (all, added) => all.Add(added), observation);
        return observation;
    }

    public void Tell(SessionEvent @event)
    {
        foreach (var observation in _observers)
            observation.Observer(@event);
    }

    private sealed class Observation(SessionObservers owner, Action<SessionEvent> observer) : IDisposable
    {
        public Action<SessionEvent> Observer => observer;

        public void Dispose() => ImmutableInterlocked.Update(ref owner._observers, static (all, gone) => all.Remove(gone), this);
    }
}
