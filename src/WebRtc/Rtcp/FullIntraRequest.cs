using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>RFC 5104, 4.3.1 (FIR): asks for a key frame, with a number that changes only with a new request.</summary>
internal readonly ref struct FullIntraRequest(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public int EntryCount => (_body.Length - 8) / 8;

    public (uint MediaSsrc, byte CommandSequence) GetEntry(int position)
    {
        var entry = _body.Slice(8 + (8 * position), 8);
        return (BinaryPrimitives.ReadUInt32BigEndian(entry), entry[4]);
    }
}
