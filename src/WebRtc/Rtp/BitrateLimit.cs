namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// What REMB tells a sender that knows no transport-wide feedback: as much as it likes up to a limit, less while many packets are lost. Coarse on purpose;
/// senders without a bandwidth estimation of their own are old, and follow reports besides.
/// </summary>
internal sealed class BitrateLimit
{
    // libwebrtc's loss controller: above 10 % down, below 2 % up by 8 % a second.
    private const double ManyLost = 0.10;
    private const double FewLost = 0.02;
    private const double Rise = 1.08;

    // Speech and a small picture still go through.
    private const long FloorBps = 100_000;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly long _maxBps;

    public BitrateLimit(long maxBps) => _maxBps = CurrentBps = maxBps;

    public long CurrentBps { get; private set; }

    /// <summary>Once an interval.</summary>
    public void Update(double lossRatio)
    {
        if (lossRatio > ManyLost)
            CurrentBps = Math.Max(FloorBps, (long)(CurrentBps * (1 - 0.5 * lossRatio)));
        else if (lossRatio < FewLost)
            CurrentBps = Math.Min(_maxBps, (long)(CurrentBps * Rise));
    }
}
