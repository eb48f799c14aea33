using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>One kind of media of a session: whichever source carries it at the time, its frames, its counts.</summary>
internal abstract class MediaTrack(NegotiatedMedia media, MediaReceiverOptions options, IRtcEvents events) : IPacketSink, IFrameSink
{
    public NegotiatedMedia Media { get; } = media;

    public StreamCounters Counters { get; } = new();

    /// <summary>The source at present; null before the first.</summary>
    public ReceiveStream? Stream { get; private set; }

    public bool CanNack => Media.Feedback.HasFlag(RtcpFeedbackKinds.Nack);

    /// <summary>Of the call that is under way.</summary>
    protected Instant Now { get; private set; }

    protected IRtcEvents Events => events;

    protected MediaReceiverOptions Options => options;

    protected abstract IDepacketizer Depacketizer { get; }

    protected long FrameCount { get; set; }

    protected long KeyFrameCount { get; set; }

    protected long DroppedFrameCount { get; set; }

    /// <summary>Longest wait for a missing packet.</summary>
    protected abstract TimeSpan Hold { get; }

    /// <summary>Packets that may wait behind a missing one.</summary>
    protected abstract int HeldCapacity { get; }

    /// <summary>Another source takes over; the one before hands out what it holds.</summary>
    public void Bind(uint ssrc, Instant now)
    {
        Now = now;
        if (Stream is not null)
        {
            Stream.Flush();
            Counters.Restarts++;
            Depacketizer.Lost(this);
            Depacketizer.Reset();
            OnSourceChanged();
        }

        Stream = new ReceiveStream(ssrc, Media.ClockRate, CanNack, CanNack ? Hold : options.HoldWithoutNack, HeldCapacity, Counters, this)
        {
            ResendsUnderOwnNumber = Media.Kind == MediaKind.Video && Media.RtxPayloadType is null,
        };
        OnBound();
    }

    /// <inheritdoc cref="RtcSession.Touch"/>
    public long Touch() => FrameCount + Media.PayloadType + (Stream?.Touch() ?? 0);

    public void Receive(in RtpPacket packet, Instant now)
    {
        Now = now;
        Inspect(packet);
        Stream!.Receive(packet, now);
    }

    public void ReceiveRetransmission(in RtpPacket packet, Instant now)
    {
        Now = now;
        Stream?.ReceiveRetransmission(packet, now);
    }

    public void OnSenderReport(NtpTime ntp, uint timestamp, Instant now)
    {
        Stream!.OnSenderReport(ntp, now);
        PlaceReport(ntp, Stream.Locate(timestamp), now);
    }

    public void Advance(Instant now)
    {
        Now = now;
        Stream?.Advance(now);
    }

    public void Flush(Instant now)
    {
        Now = now;
        Stream?.Flush();
    }

    public abstract void OnPacket(in MediaPacket packet);

    public bool CanBeginWith(ReadOnlySpan<byte> payload) => Depacketizer.CanBeginWith(payload);

    public abstract void OnLost(int count);

    public abstract void OnFrame(in AssembledFrame frame);

    public abstract void OnBrokenFrame();

    public virtual StreamStatistics Snapshot() => new()
    {
        PacketCount = Counters.Packets,
        LostCount = Counters.Lost,
        RecoveredCount = Counters.Recovered,
        DuplicateCount = Counters.Duplicates,
        Jitter = Stream?.Reception.Jitter ?? TimeSpan.Zero,
        NackCount = Counters.Nacked,
        FrameCount = FrameCount,
        KeyFrameCount = KeyFrameCount,
        DroppedFrameCount = DroppedFrameCount,
    };

    /// <summary>What a packet says of itself, before its turn.</summary>
    protected abstract void Inspect(in RtpPacket packet);

    protected abstract void PlaceReport(NtpTime ntp, long ticks, Instant now);

    protected abstract void OnBound();

    protected abstract void OnSourceChanged();
}
