using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>RFC 4585, 6.3.1 (PLI): asks for a key frame.</summary>
internal readonly ref struct PictureLoss(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public uint MediaSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body[4..]);
}
