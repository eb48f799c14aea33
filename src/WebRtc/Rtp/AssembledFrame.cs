namespace MediaScore.WebRtc.Rtp;

/// <summary>A whole coded picture or sound packet, put together from RTP payloads. Valid during the call.</summary>
/// <param name="ticks">RTP time, roll-overs added.</param>
/// <param name="arrival">Of its first packet: a key frame's later packets are spread out by the sender's pacer.</param>
/// <param name="pictureId">VP8's count of pictures where the sender sends one in 15 bits, else -1.</param>
internal readonly ref struct AssembledFrame(long ticks, Instant arrival, bool keyFrame, ReadOnlySpan<byte> payload, int pictureId = -1)
{
    public long Ticks { get; } = ticks;

    public Instant Arrival { get; } = arrival;

    public bool KeyFrame { get; } = keyFrame;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public int PictureId { get; } = pictureId;
}
