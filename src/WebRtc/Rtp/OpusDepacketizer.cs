namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// Opus packets from RTP payloads (RFC 7587): each payload is one packet. Where a sender in discontinuous transmission (DTX) sent nothing, though no packet
/// is missing, packets of silence are put in, so that silence is silence in the recording and not a hole.
/// </summary>
internal sealed class OpusDepacketizer : IDepacketizer
{
    // Senders in DTX refresh every 400 ms (RFC 7587, 3.1.3; libopus). What is longer than this is a sender that stopped: a hole.
    private const int LongestFillTicks = OpusPayload.ClockRate;

    // No pause is longer than the time that passes, and a path holds back no more than this. Without the bound one packet a sender makes up would cost us fifty.
    private const long FirstAllowanceTicks = 2 * OpusPayload.ClockRate;
    private const long LargestAllowanceTicks = 30 * OpusPayload.ClockRate;

    private long _allowanceTicks = FirstAllowanceTicks;
    private Instant _allowedAt = Instant.Never;
    private long _expectedTicks = long.MinValue;
    private byte _toc;

    public long MalformedCount { get; private set; }

    /// <summary>Packets of silence that were put in.</summary>
    public long FilledCount { get; private set; }

    public bool CanBeginWith(ReadOnlySpan<byte> payload) => true;

    public void Push(in MediaPacket packet, IFrameSink sink)
    {
        if (!OpusPayload.TryGetDuration(packet.Payload, out var duration))
        {
            MalformedCount++;
            _expectedTicks = long.MinValue;
            sink.OnBrokenFrame();
            return;
        }

        Allow(packet.Arrival);
        if (_expectedTicks != long.MinValue && packet.Ticks - _expectedTicks is > 0 and <= LongestFillTicks)
            Fill(packet, sink);
        sink.OnFrame(new AssembledFrame(packet.Ticks, packet.Arrival, keyFrame: true, packet.Payload));
        _toc = packet.Payload[0];
        _expectedTicks = packet.Ticks + duration;
    }

    public void Lost(IFrameSink sink) => _expectedTicks = long.MinValue;

    public void Reset() => _expectedTicks = long.MinValue;

    private void Allow(Instant arrival)
    {
        if (arrival > _allowedAt)
            _allowanceTicks = Math.Min(LargestAllowanceTicks, _allowanceTicks + ((arrival.Microseconds - _allowedAt.Microseconds) * OpusPayload.ClockRate / 1_000_000));
        if (arrival > _allowedAt || _allowedAt == Instant.Never)
            _allowedAt = arrival;
    }

    // What is left below 20 ms is a seam that the reader of the recording closes.
    private void Fill(in MediaPacket packet, IFrameSink sink)
    {
        if (packet.Ticks - _expectedTicks > _allowanceTicks)
            return;
        _allowanceTicks -= packet.Ticks - _expectedTicks;
        Span<byte> silence = [OpusPayload.SilenceLike(_toc)];
        for (var ticks = _expectedTicks; packet.Ticks - ticks >= OpusPayload.FillerTicks; ticks += OpusPayload.FillerTicks)
        {
            // As if it had come in its time: what the clock learns from arrivals must not change by it.
            var early = TimeSpan.FromMicroseconds((packet.Ticks - ticks) * 1_000_000 / OpusPayload.ClockRate);
            sink.OnFrame(new AssembledFrame(ticks, packet.Arrival - early, keyFrame: true, silence));
            FilledCount++;
        }
    }
}
