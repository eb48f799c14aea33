using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>The session's sound.</summary>
internal sealed class AudioTrack(NegotiatedMedia media, MediaReceiverOptions options, MediaClock clock, IRtcEvents events) : MediaTrack(media, options, events)
{
    private readonly OpusDepacketizer _depacketizer = new();
    private int _lostBefore;
    private int? _level;

    protected override IDepacketizer Depacketizer => _depacketizer;

    protected override TimeSpan Hold => Options.AudioHold;

    // 2.5 s of 10 ms packets, more than any hold.
    protected override int HeldCapacity => 256;

    public override void OnPacket(in MediaPacket packet)
    {
        if (!packet.Payload.IsEmpty)
            _depacketizer.Push(packet, this);
    }

    public override void OnLost(int count)
    {
        _lostBefore += count;
        _depacketizer.Lost(this);
    }

    public override void OnFrame(in AssembledFrame frame)
    {
        OpusPayload.TryGetDuration(frame.Payload, out var duration);
        var time = clock.PlaceAudio(frame.Ticks, frame.Arrival, duration);
        FrameCount++;
        KeyFrameCount++;
        Events.OnFrame(new EncodedFrame
        {
            Kind = MediaKind.Audio,
            Codec = RtpCodec.Opus,
            MediaTimeUs = time,
            KeyFrame = true,
            LostBefore = _lostBefore,
            Payload = frame.Payload,
        });
        _lostBefore = 0;
    }

    public override void OnBrokenFrame()
    {
        _lostBefore++;
        DroppedFrameCount++;
    }

    public override StreamStatistics Snapshot() => base.Snapshot() with { AudioLevel = _level };

    // RFC 6464: the low seven bits are -dBov.
    protected override void Inspect(in RtpPacket packet)
    {
        if (packet.TryGetExtension(Media.Extensions.AudioLevel, out var value) && value.Length > 0)
            _level = -(value[0] & 0x7F);
    }

    protected override void PlaceReport(NtpTime ntp, long ticks, Instant now) => clock.OnAudioReport(ntp, ticks, now);

    protected override void OnBound()
    {
    }

    protected override void OnSourceChanged() => clock.ChangeAudioSource();
}
