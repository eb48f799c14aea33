using System.Collections.Immutable;
using MediaScore.Pipelines.Session;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// Hears an interview's sessions, one after the other: keeps what was said last for whoever begins to look later, and tells everything to whoever looks already, so that
/// a page that waits for the session to be opened misses nothing of it. Thread-safe.
/// </summary>
internal sealed class InterviewWatch(TimeProvider time)
{
    // As long as somebody looks at a list before the next glance; what lasts is said again by the analysis.
    private static readonly TimeSpan WarningLifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _warnings = new(StringComparer.Ordinal);
    private ImmutableArray<Action<SessionEvent>> _listeners = [];
    private string? _caption;

    /// <summary>The words that were understood last; null before any.</summary>
    public string? Caption => Volatile.Read(ref _caption);

    /// <summary>Kinds of the last half minute, in the order of their names.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_gate)
                return [.. _warnings.Where(w => time.GetElapsedTime(w.Value) < WarningLifetime).Select(w => w.Key).Order(StringComparer.Ordinal)];
        }
    }

    /// <param name="listener">Called on the session's own loops: must return at once and not throw. Each delegate is a listener once.</param>
    /// <returns>Ends it.</returns>
    public IDisposable Subscribe(Action<SessionEvent> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>What <see cref="InterviewSession.Observe"/> calls.</summary>
    public void Hear(SessionEvent e)
    {
        foreach (var listener in _listeners)
            listener(e);
        switch (e)
        {
            case CaptionHeard caption:
                Volatile.Write(ref _caption, caption.Text);
                break;
            case WarningRaised warning:
                Note(WarningWords.Of(warning.Warning));
                break;
            case NoticeRaised notice:
                Note(WarningWords.Of(notice.Notice));
                break;
        }
    }

    // There are as many keys as kinds.
    private void Note(string kind)
    {
        lock (_gate)
            _warnings[kind] = time.GetTimestamp();
    }

    private sealed class Subscription(InterviewWatch owner, Action<SessionEvent> listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref owner._listeners, static (all, gone) => all.Remove(gone), listener);
    }
}
