using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>
/// draft-holmer-rmcat-transport-wide-cc-extensions-01: which packets of the transport came, and when. Read the packets with <c>foreach</c>, from <see cref="BaseSequence"/> on.
/// </summary>
internal readonly ref struct TransportFeedback(ReadOnlySpan<byte> body)
{
    public const int FixedLength = 16;

    /// <summary>Of <see cref="ReferenceTime"/>.</summary>
    public const int ReferenceTimeUs = 64_000;

    /// <summary>Of a delta.</summary>
    public const int TickUs = 250;

    private readonly ReadOnlySpan<byte> _body = body;

    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public uint MediaSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body[4..]);

    public ushort BaseSequence => BinaryPrimitives.ReadUInt16BigEndian(_body[8..]);

    public ushort StatusCount => BinaryPrimitives.ReadUInt16BigEndian(_body[10..]);

    /// <summary>24 bits with a sign, 64 ms each, from a point that the writer chose.</summary>
    public int ReferenceTime => (int)(BinaryPrimitives.ReadUInt32BigEndian(_body[12..]) & 0xFFFF_FF00) >> 8;

    public byte FeedbackCount => _body[15];

    public Enumerator GetEnumerator() => new(_body, ChunksEnd(_body));

    /// <summary>Whether the chunks describe all the packets, and there is a delta for each that came.</summary>
    internal static bool Fits(ReadOnlySpan<byte> body)
    {
        if (body.Length < FixedLength + 2)
            return false;
        var end = ChunksEnd(body);
        if (end < 0)
            return false;
        var packets = new Enumerator(body, end);
        var count = 0;
        while (packets.MoveNext())
            count++;
        return count > 0 && count == BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
    }

    /// <summary>Where the deltas begin; -1 where the chunks end too early.</summary>
    private static int ChunksEnd(ReadOnlySpan<byte> body)
    {
        var left = (int)BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        var at = FixedLength;
        while (left > 0)
        {
            if (at + 2 > body.Length)
                return -1;
            left -= StatusChunk.CountIn(BinaryPrimitives.ReadUInt16BigEndian(body[at..]));
            at += 2;
        }

        return at;
    }

    internal ref struct Enumerator(ReadOnlySpan<byte> body, int deltas)
    {
        private readonly ReadOnlySpan<byte> _body = body;
        private int _chunkAt = FixedLength;
        private int _positionInChunk;
        private int _deltaAt = deltas;
        private int _done;
        private long _timeUs = (long)new TransportFeedback(body).ReferenceTime * ReferenceTimeUs;

        public TransportArrival Current { get; private set; }

        /// <summary>False at the end, and where a delta is missing or a status is the reserved one.</summary>
        public bool MoveNext()
        {
            var feedback = new TransportFeedback(_body);
            if (_done == feedback.StatusCount)
                return false;
            var chunk = BinaryPrimitives.ReadUInt16BigEndian(_body[_chunkAt..]);
            while (_positionInChunk == StatusChunk.CountIn(chunk))
            {
                _chunkAt += 2;
                _positionInChunk = 0;
                chunk = BinaryPrimitives.ReadUInt16BigEndian(_body[_chunkAt..]);
            }

            var status = StatusChunk.Get(chunk, _positionInChunk++);
            var deltaLength = (int)status;
            if (status == PacketStatus.Reserved || _deltaAt + deltaLength > _body.Length)
                return false;
            var delta = status switch
            {
                PacketStatus.SmallDelta => _body[_deltaAt],
                PacketStatus.LargeDelta => BinaryPrimitives.ReadInt16BigEndian(_body[_deltaAt..]),
                _ => 0,
            };
            _deltaAt += deltaLength;
            _timeUs += (long)delta * TickUs;
            Current = new TransportArrival((ushort)(feedback.BaseSequence + _done), status != PacketStatus.NotReceived, _timeUs);
            _done++;
            return true;
        }
    }
}
