using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>The session's pictures. After a loss nothing is handed on until a key frame: pictures that refer to a missing one are worth nothing as evidence.</summary>
internal sealed class VideoTrack : MediaTrack
{
    // 15 bits of VP8's PictureID.
    private const int PictureIdMask = 0x7FFF;

    // More pictures than this are not missing between two; the sender's count jumped.
    private const int MostMissing = 1000;

    private readonly MediaClock _clock;
    private readonly IDepacketizer _depacketizer;
    private bool _waitsForKey = true;
    private bool _hadLoss;
    private int _lostBefore;
    private int _lastPictureId = -1;
    private int _rotation;

    public VideoTrack(NegotiatedMedia media, MediaReceiverOptions options, MediaClock clock, IRtcEvents events)
        : base(media, options, events)
    {
        _clock = clock;
        if (media.Codec == RtpCodec.H264)
        {
            var depacketizer = new H264Depacketizer(options.MaxFrameBytes);
            foreach (var parameterSet in media.ParameterSets)
                depacketizer.Learn(parameterSet);
            _depacketizer = depacketizer;
        }
        else
        {
            _depacketizer = new Vp8Depacketizer(options.MaxFrameBytes);
        }

        Requester = new KeyFrameRequester(
            options.KeyFramePeriod, options.KeyFramePhase, media.Feedback.HasFlag(RtcpFeedbackKinds.Pli), media.Feedback.HasFlag(RtcpFeedbackKinds.Fir));
    }

    public KeyFrameRequester Requester { get; }

    protected override IDepacketizer Depacketizer => _depacketizer;

    protected override TimeSpan Hold => Options.VideoHold;

    // 2 s of 4 Mbit/s; at most 1.5 MB of buffers.
    protected override int HeldCapacity => 1024;

    public override void OnPacket(in MediaPacket packet)
    {
        Requester.OnReceived(packet.Payload.Length, Now);
        if (!packet.Payload.IsEmpty)
            _depacketizer.Push(packet, this);
    }

    public override void OnLost(int count)
    {
        _depacketizer.Lost(this);
        (_hadLoss, _waitsForKey) = (true, true);
        Requester.Need(Now);
    }

    public override void OnFrame(in AssembledFrame frame)
    {
        if (_waitsForKey && !frame.KeyFrame)
        {
            Drop();
            return;
        }

        var missing = Missing(frame.PictureId);
        var time = _clock.PlaceVideo(frame.Ticks, frame.Arrival);
        FrameCount++;
        if (frame.KeyFrame)
        {
            KeyFrameCount++;
            Requester.OnKeyFrame(frame.Payload.Length, Now);
        }

        Events.OnFrame(new EncodedFrame
        {
            Kind = MediaKind.Video,
            Codec = Media.Codec,
            MediaTimeUs = time,
            KeyFrame = frame.KeyFrame,
            LostBefore = missing,
            Payload = frame.Payload,
        });
        (_waitsForKey, _hadLoss, _lostBefore, _lastPictureId) = (false, false, 0, frame.PictureId);
    }

    public override void OnBrokenFrame()
    {
        Drop();
        _waitsForKey = true;
        Requester.Need(Now);
    }

    public override StreamStatistics Snapshot() => base.Snapshot() with { PliCount = Requester.RequestCount, Rotation = _rotation };

    // 3GPP TS 26.114, 7.4.5: the low two bits are quarter turns clockwise that put the picture upright.
    protected override void Inspect(in RtpPacket packet)
    {
        if (packet.TryGetExtension(Media.Extensions.VideoOrientation, out var value) && value.Length > 0)
            _rotation = (value[0] & 3) * 90;
        if (Requester.IsPending && CanBeginWith(packet.Payload))
            Requester.OnKeyFrameBegun(Now);
    }

    protected override void PlaceReport(NtpTime ntp, long ticks, Instant now) => _clock.OnVideoReport(ntp, ticks, now);

    protected override void OnBound() => Requester.Begin(Now);

    protected override void OnSourceChanged()
    {
        _clock.ChangeVideoSource();
        (_waitsForKey, _lastPictureId) = (true, -1);
        Requester.Need(Now);
    }

    private void Drop()
    {
        DroppedFrameCount++;
        _lostBefore++;
    }

    /// <summary>Pictures between the last one handed on and this: those dropped, or as many as the sender counted.</summary>
    private int Missing(int pictureId)
    {
        if (!_hadLoss || FrameCount == 0)
            return FrameCount == 0 ? 0 : _lostBefore;
        var counted = pictureId >= 0 && _lastPictureId >= 0 ? (pictureId - _lastPictureId - 1) & PictureIdMask : 0;
        return Math.Max(Math.Max(1, _lostBefore), counted <= MostMissing ? counted : 0);
    }
}
