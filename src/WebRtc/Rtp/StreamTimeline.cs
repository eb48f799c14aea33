namespace MediaScore.WebRtc.Rtp;

/// <summary>One kind's RTP time on the session's clock: media time = RTP time + <see cref="OffsetUs"/>.</summary>
internal sealed class StreamTimeline(int clockRate)
{
    // A stamp that is this much too early for its arrival, from one packet to the next, was not sent in time: the sender's numbers leapt.
    private const long AheadUs = 1_000_000;

    // However it came about: no stream runs further before its arrival than this.
    private const long FarAheadUs = 10_000_000;

    // Everything has been later by this for two seconds: no queue of a path, but a sender that stood still (a phone call, a sleeping page).
    private const long LagUs = 3_000_000;

    // Re-ordered capture stamps of a device are nearer than this.
    private const long BackwardUs = 100_000;

    /// <summary>(arrival - RTP time).</summary>
    public TransitFilter Transit { get; } = new();

    public SenderClock Sender { get; } = new(clockRate);

    public long OffsetUs { get; set; }

    /// <summary>Where the kind has come to; nothing is placed before it.</summary>
    public long EndUs { get; private set; }

    public bool IsAnchored { get; private set; }

    public int ClockRate => clockRate;

    /// <summary>Between arrival and media time, at best.</summary>
    public long PlacedTransitUs => Transit.Minimum - OffsetUs;

    public long Microseconds(long ticks) => (long)((Int128)ticks * 1_000_000 / clockRate);

    /// <summary>Lays RTP time so that <paramref name="ticks"/> is at <paramref name="mediaUs"/>, or where the kind has come to.</summary>
    public void Anchor(long ticks, Instant arrival, long mediaUs)
    {
        var us = Microseconds(ticks);
        OffsetUs = Math.Max(mediaUs, EndUs) - us;
        Transit.Restart(arrival.Microseconds - us, arrival);
        IsAnchored = true;
    }

    /// <summary>Another source, or another beginning: the next packet is placed by its arrival.</summary>
    public void Release()
    {
        IsAnchored = false;
        Sender.Clear();
    }

    /// <summary>Notes a packet's arrival and mends what no network does.</summary>
    /// <param name="isPlacedByReports">Sender reports say where the stream belongs: then being late for long is no reason to move it. Its RTP clock went on, so it is late, not later.</param>
    /// <returns>Whether the offset leapt.</returns>
    public bool Note(long ticks, Instant arrival, bool isPlacedByReports = false)
    {
        var us = Microseconds(ticks);
        var transit = arrival.Microseconds - us;
        var isAhead = (transit < Transit.Latest - AheadUs && transit < Transit.Minimum - AheadUs) || transit < Transit.First - FarAheadUs;
        if (isAhead)
        {
            Anchor(ticks, arrival, arrival.Microseconds - PlacedTransitUs);
            Sender.Clear();
            return true;
        }

        if (us + OffsetUs < EndUs - BackwardUs)
        {
            Anchor(ticks, arrival, EndUs);
            Sender.Clear();
            return true;
        }

        Transit.Add(transit, arrival, out var lag);
        if (lag < LagUs || isPlacedByReports)
            return false;
        OffsetUs += lag;
        Transit.Restart(transit, arrival);
        return true;
    }

    /// <summary>Media time of a packet; later than what was placed before.</summary>
    /// <param name="durationUs">How far it reaches; 1 where that is not known.</param>
    public long Place(long ticks, long durationUs)
    {
        var at = Math.Max(Microseconds(ticks) + OffsetUs, EndUs);
        EndUs = at + durationUs;
        return at;
    }
}
