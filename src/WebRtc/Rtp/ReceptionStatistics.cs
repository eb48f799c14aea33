namespace MediaScore.WebRtc.Rtp;

/// <summary>What a receiver report says of one source: loss (RFC 3550, A.3) and jitter (A.8). Retransmissions of another source play no part.</summary>
internal sealed class ReceptionStatistics(int clockRate)
{
    private long _base = -1;
    private long _highest;
    private long _received;
    private long _expectedPrior;
    private long _receivedPrior;
    private uint _lastTimestamp;
    private long _lastTransitTicks;
    private long _jitterQ4;

    /// <summary>Number, with roll-overs, of the latest packet; the low 32 bits go into the report.</summary>
    public uint ExtendedHighest => (uint)(_highest - 0x1_0000);

    /// <summary>In RTP ticks.</summary>
    public uint JitterTicks => (uint)(_jitterQ4 >> 4);

    public TimeSpan Jitter => TimeSpan.FromMicroseconds(JitterTicks * 1_000_000L / clockRate);

    /// <summary>Expected less received; duplicates may make it negative. Held within the report's 24 bits.</summary>
    public int CumulativeLost => _base < 0 ? 0 : (int)Math.Clamp(_highest - _base + 1 - _received, -0x80_0000, 0x7F_FFFF);

    /// <summary>The last interval's, 0 to 1; set by <see cref="TakeFractionLost"/>.</summary>
    public double LossRatio { get; private set; }

    /// <param name="sequence">Unwrapped; the unwrapper's first number lies in its second cycle, which the report must not show.</param>
    public void OnReceived(long sequence, uint timestamp, Instant now)
    {
        if (_base < 0)
            (_base, _highest) = (sequence, sequence);
        _received++;
        var isInOrder = sequence >= _highest;
        _highest = Math.Max(_highest, sequence);

        // A picture's packets share a timestamp and are spread out by the pacer; that is no jitter, as libwebrtc has it too.
        if (!isInOrder || (_received > 1 && timestamp == _lastTimestamp))
            return;
        var transit = TicksOf(now) - timestamp;
        if (_received > 1)
        {
            // Within 32 bits, so that neither clock's roll-over looks like a delay.
            var difference = Math.Abs((long)(int)(transit - _lastTransitTicks));
            _jitterQ4 += difference - (_jitterQ4 + 8 >> 4);
        }

        (_lastTransitTicks, _lastTimestamp) = (transit, timestamp);
    }

    /// <summary>Begins anew: the sender's numbers did (A.1).</summary>
    public void Restart()
    {
        _base = -1;
        _received = _expectedPrior = _receivedPrior = 0;
        _jitterQ4 = 0;
    }

    /// <summary>Lost part of the interval since the last call, in 256ths.</summary>
    public byte TakeFractionLost()
    {
        var expected = _base < 0 ? 0 : _highest - _base + 1;
        var expectedInterval = expected - _expectedPrior;
        var lostInterval = expectedInterval - (_received - _receivedPrior);
        (_expectedPrior, _receivedPrior) = (expected, _received);
        var fraction = expectedInterval <= 0 || lostInterval <= 0 ? 0 : (int)Math.Min(255, (lostInterval << 8) / expectedInterval);
        LossRatio = fraction / 256.0;
        return (byte)fraction;
    }

    private long TicksOf(Instant now) => (long)((Int128)now.Microseconds * clockRate / 1_000_000);
}
