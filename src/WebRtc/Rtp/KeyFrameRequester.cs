namespace MediaScore.WebRtc.Rtp;

/// <summary>How a key frame is asked for.</summary>
internal enum KeyFrameRequest : byte { None, PictureLoss, FullIntra }

/// <summary>
/// When to ask for a key frame: where decoding cannot go on without one, and every now and then for the analysis, which decodes nothing else. One request is
/// pending at a time, repeated until any key frame comes. The pace yields to the picture: senders pay for key frames with its quality.
/// </summary>
/// <param name="period">Between key frames while all is well; zero or less: none.</param>
/// <param name="phase">0 to 1: shifts the first one, so that sessions that began together do not stay together.</param>
internal sealed class KeyFrameRequester(TimeSpan period, double phase, bool canPli, bool canFir)
{
    /// <summary>Most that key frames may take of the bitrate.</summary>
    // Browsers at 800 kbit/s: 6 to 7 % with one in 2 s, 13 to 16 % and clearly coarser pictures with one a second.
    public const double BudgetShare = 0.10;

    // A sender begins with a key frame, which may be on its way.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    // Browsers make no more than one in about 350 ms.
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(300);

    // The answer takes a round trip, a frame and the time to send it: half a second on any path worth a video call; mediasoup waits a second.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    // As long as a packet of it may be waited for.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    // Of the period. Beyond, faces would be looked at too seldom to be worth it; the budget is exceeded then.
    private const int LongestStretch = 5;

    private const double ManyLost = 0.05;

    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(1);

    private Instant _dueAt = Instant.Never;
    private Instant _askedAt = new(long.MinValue / 2);
    private Instant _windowStart = Instant.Never;
    private long _windowBytes;
    private double _bytesPerSecond;
    private double _keyFrameBytes;
    private int _asks;
    private bool _hadKeyFrame;

    /// <summary>A request is out and unanswered.</summary>
    public bool IsPending => _asks > 0;

    public Instant NextDeadline => canPli || canFir ? _dueAt : Instant.Never;

    private TimeSpan RetryAfter => _asks == 1 ? FirstRetry : Retry;

    /// <summary>Number of the latest FIR (RFC 5104, 4.3.1.1): a repeated request keeps it.</summary>
    public byte CommandSequence { get; private set; }

    public long RequestCount { get; private set; }

    /// <summary>Share of the packets lost of late; a lossy path is not burdened with more.</summary>
    public double LossRatio { get; set; }

    /// <summary>Between key frames at present.</summary>
    public TimeSpan Pace
    {
        get
        {
            if (period <= TimeSpan.Zero)
                return TimeSpan.Zero;
            var stretch = _bytesPerSecond > 0 ? _keyFrameBytes / (BudgetShare * _bytesPerSecond) / period.TotalSeconds : 1;
            if (LossRatio > ManyLost)
                stretch = Math.Max(2, stretch);
            return period * Math.Clamp(stretch, 1, LongestStretch);
        }
    }

    /// <summary>The first packet came.</summary>
    public void Begin(Instant now)
    {
        if (!_hadKeyFrame)
            _dueAt = now + FirstWait;
    }

    /// <summary>Every packet of the stream.</summary>
    public void OnReceived(int byteCount, Instant now)
    {
        if (_windowStart == Instant.Never)
            _windowStart = now;
        _windowBytes += byteCount;
        var span = now - _windowStart;
        if (span < RateWindow)
            return;
        var rate = _windowBytes / span.TotalSeconds;

        // About ten windows of memory: a picture that stands still for a moment must not stretch the pace.
        _bytesPerSecond = _bytesPerSecond <= 0 ? rate : _bytesPerSecond + (rate - _bytesPerSecond) / 10;
        (_windowStart, _windowBytes) = (now, 0);
    }

    /// <summary>A key frame came whole, asked for or not.</summary>
    public void OnKeyFrame(int byteCount, Instant now)
    {
        _keyFrameBytes = _keyFrameBytes <= 0 ? byteCount : _keyFrameBytes + (byteCount - _keyFrameBytes) / 4;
        var shift = _hadKeyFrame ? 1 : 1 - 0.75 * Math.Clamp(phase, 0, 1);
        (_hadKeyFrame, _asks) = (true, 0);
        _dueAt = period > TimeSpan.Zero ? now + Pace * shift : Instant.Never;
    }

    /// <summary>Decoding cannot go on without one, or somebody wants one.</summary>
    public void Need(Instant now) => _dueAt = Instant.Min(_dueAt, Instant.Max(now, _askedAt + (IsPending ? RetryAfter : ShortestGap)));

    /// <summary>The first packet of a key frame came; it may have to wait for others.</summary>
    public void OnKeyFrameBegun(Instant now)
    {
        if (IsPending)
            _dueAt = Instant.Max(_dueAt, now + Wait);
    }

    /// <summary>What has to be sent now.</summary>
    public KeyFrameRequest TakeDue(Instant now)
    {
        if (now < NextDeadline)
            return KeyFrameRequest.None;
        if (!IsPending)
            CommandSequence++;
        _asks++;
        RequestCount++;
        _askedAt = now;
        _dueAt = now + RetryAfter;
        return canPli ? KeyFrameRequest.PictureLoss : KeyFrameRequest.FullIntra;
    }
}
