using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>A frame that was handed on, kept.</summary>
internal sealed record ReceivedFrame(MediaKind Kind, long MediaTimeUs, bool KeyFrame, int LostBefore, byte[] Payload, Instant At);

/// <summary>Keeps what a receiver hands on.</summary>
internal sealed class FrameCollector : IRtcEvents
{
    public List<ReceivedFrame> Frames { get; } = [];

    public Instant Now { get; set; }

    public IEnumerable<ReceivedFrame> Audio => Frames.Where(frame => frame.Kind == MediaKind.Audio);

    public IEnumerable<ReceivedFrame> Video => Frames.Where(frame => frame.Kind == MediaKind.Video);

    public void OnFrame(in EncodedFrame frame) =>
        Frames.Add(new ReceivedFrame(frame.Kind, frame.MediaTimeUs, frame.KeyFrame, frame.LostBefore, frame.Payload.ToArray(), Now));

    public void OnState(RtcState state, CloseReason reason)
    {
    }
}

/// <summary>Counts and forgets, so that the receiver's own allocations can be measured.</summary>
internal sealed class FrameCounter : IRtcEvents
{
    public long Count { get; private set; }

    public long Bytes { get; private set; }

    public void OnFrame(in EncodedFrame frame)
    {
        Count++;
        Bytes += frame.Payload.Length;
    }

    public void OnState(RtcState state, CloseReason reason)
    {
    }
}

/// <summary>Keeps what a depacketizer makes.</summary>
internal sealed class AssembledFrames : IFrameSink
{
    public List<(long Ticks, bool KeyFrame, byte[] Payload, int PictureId, Instant Arrival)> Frames { get; } = [];

    public int BrokenCount { get; private set; }

    public void OnFrame(in AssembledFrame frame) => Frames.Add((frame.Ticks, frame.KeyFrame, frame.Payload.ToArray(), frame.PictureId, frame.Arrival));

    public void OnBrokenFrame() => BrokenCount++;
}
