namespace MediaScore.WebRtc.Rtp;

/// <summary>One packet of a stream, in order, its padding and its retransmission header taken off. Valid during the call.</summary>
/// <param name="ticks">RTP time, roll-overs added.</param>
/// <param name="marker">Video: the last packet of a picture.</param>
/// <param name="arrival">When it came, or came again.</param>
internal readonly ref struct MediaPacket(long ticks, bool marker, Instant arrival, ReadOnlySpan<byte> payload)
{
    public long Ticks { get; } = ticks;

    public bool Marker { get; } = marker;

    public Instant Arrival { get; } = arrival;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
