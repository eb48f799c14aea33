using MediaScore.Pipelines.Session;

namespace MediaScore.MediaServer.Sessions;

/// <summary>The last things that an interview's session said, for whoever begins to look later. Thread-safe.</summary>
internal sealed class InterviewWatch(TimeProvider time)
{
    // As long as somebody looks at a list before the next glance; what lasts is said again by the analysis.
    private static readonly TimeSpan WarningLifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _warnings = new(StringComparer.Ordinal);
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

    public void Hear(SessionEvent e)
    {
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
}
