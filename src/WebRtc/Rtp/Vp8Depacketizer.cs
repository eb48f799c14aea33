namespace MediaScore.WebRtc.Rtp;

/// <summary>VP8 frames (RFC 6386) from RTP payloads (RFC 7741).</summary>
internal sealed class Vp8Depacketizer(int maxFrameBytes) : IDepacketizer
{
    // Frame tag, start code and size (RFC 6386, 9.1): a key frame that is shorter cannot be one.
    private const int KeyFrameHeaderBytes = 10;

    private readonly FrameBuffer _frame = new(maxFrameBytes);
    private long _ticks;
    private Instant _arrival;
    private int _pictureId;
    private bool _open;
    private long _brokenTicks = long.MinValue;

    public long MalformedCount { get; private set; }

    public bool CanBeginWith(ReadOnlySpan<byte> payload) => Vp8PayloadDescriptor.TryParse(payload, out var descriptor)
        && descriptor.StartsFrame && payload.Length > descriptor.Length && (payload[descriptor.Length] & 1) == 0;

    public void Push(in MediaPacket packet, IFrameSink sink)
    {
        // Nothing is missing before this packet, so a frame whose end was not marked ends here.
        if (_open && packet.Ticks != _ticks)
            Finish(sink);
        if (!Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor) || descriptor.Length == packet.Payload.Length)
        {
            MalformedCount++;
            Break(packet.Ticks, sink);
            return;
        }

        if (descriptor.StartsFrame)
        {
            if (_open)
                Finish(sink);
            (_open, _ticks, _arrival) = (true, packet.Ticks, packet.Arrival);
            _pictureId = descriptor.HasLongPictureId ? descriptor.PictureId : -1;
            _frame.Clear();
        }
        else if (!_open)
        {
            Break(packet.Ticks, sink);
            return;
        }

        if (!_frame.TryAppend(packet.Payload[descriptor.Length..]))
            Break(packet.Ticks, sink);
        else if (packet.Marker)
            Finish(sink);
    }

    public void Lost(IFrameSink sink)
    {
        if (_open)
            Break(_ticks, sink);
    }

    public void Reset()
    {
        _open = false;
        _brokenTicks = long.MinValue;
    }

    private void Finish(IFrameSink sink)
    {
        var data = _frame.Content;
        var isKey = (data[0] & 1) == 0;
        if (isKey && (data.Length < KeyFrameHeaderBytes || data[3] != 0x9D || data[4] != 0x01 || data[5] != 0x2A))
        {
            MalformedCount++;
            Break(_ticks, sink);
            return;
        }

        _open = false;
        sink.OnFrame(new AssembledFrame(_ticks, _arrival, isKey, data, _pictureId));
    }

    // Told once a frame, however many of its packets are useless.
    private void Break(long ticks, IFrameSink sink)
    {
        _open = false;
        if (ticks == _brokenTicks)
            return;
        _brokenTicks = ticks;
        sink.OnBrokenFrame();
    }
}
