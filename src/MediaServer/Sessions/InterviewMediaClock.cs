using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// The interview's clock where the media have none of their own for the whole of it: a browser begins anew with every page load, its interview does not. Between
/// connections this server's monotonic clock goes on, so that the hole is as long as the candidate was away. Thread-safe.
/// </summary>
/// <remarks>
/// While media come, "now" is where their newest would be: interview time less arrival time, the largest of the last half minute. Frames that were held back or came late
/// lie before it, and a sender whose sample clock runs 200 ppm fast or slow (0.7 s an hour) is followed.
/// </remarks>
internal sealed class InterviewMediaClock(TimeProvider time)
{
    // Two of these are looked at: long enough that a burst of late frames hides no timely one, short enough that 200 ppm are 6 ms.
    private const long WindowUs = 15_000_000;

    private readonly Lock _gate = new();
    private readonly long _zero = time.GetTimestamp();
    private bool _started;
    private long _windowBegan;
    private long _windowLead;
    private long _previousLead;
    private long _latestUs;

    /// <summary>Interview time now; does not run backwards. Zero until the clock has been started.</summary>
    public MediaTime Now
    {
        get
        {
            lock (_gate)
                return new MediaTime(_started ? Read() : 0);
        }
    }

    /// <summary>Starts the clock at <paramref name="recorded"/>, once; a later call changes nothing.</summary>
    /// <param name="away">Since that time was recorded, where an earlier process did.</param>
    public void Start(MediaTime recorded, TimeSpan away)
    {
        lock (_gate)
        {
            if (_started)
                return;
            _started = true;
            _latestUs = recorded.Microseconds + Math.Max(0, away.Ticks / TimeSpan.TicksPerMicrosecond);
            _windowBegan = Monotonic();
            _windowLead = _previousLead = _latestUs - _windowBegan;
        }
    }

    /// <summary>Where a connection whose first frame has this stamp lies: add the result to its stamps.</summary>
    /// <param name="recorded">Latest recorded time; nothing new lies before it.</param>
    public long Anchor(long firstFrameUs, MediaTime recorded)
    {
        lock (_gate)
            return Math.Max(Read(), recorded.Microseconds) - firstFrameUs;
    }

    /// <summary>A frame came, and lies at <paramref name="interviewUs"/>.</summary>
    public void Observe(long interviewUs)
    {
        lock (_gate)
        {
            var now = Monotonic();
            var lead = interviewUs - now;
            if (now - _windowBegan > WindowUs)
                (_previousLead, _windowLead, _windowBegan) = (_windowLead, lead, now);
            else
                _windowLead = Math.Max(_windowLead, lead);
        }
    }

    private long Read() => _latestUs = Math.Max(_latestUs, Monotonic() + Math.Max(_windowLead, _previousLead));

    private long Monotonic() => time.GetElapsedTime(_zero).Ticks / TimeSpan.TicksPerMicrosecond;
}
