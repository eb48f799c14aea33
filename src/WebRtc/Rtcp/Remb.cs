using System.Buffers.Binary;
using System.Numerics;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>draft-alvestrand-rmcat-remb-03: the bitrate that all the named sources together may take.</summary>
internal readonly ref struct Remb(ReadOnlySpan<byte> body)
{
    private const int FixedLength = 16;

    private readonly ReadOnlySpan<byte> _body = body;

    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public int SourceCount => _body[12];

    /// <summary>Bits a second. An exponent that shifts past 64 bits is as good as no limit.</summary>
    public ulong BitrateBps
    {
        get
        {
            var exponent = _body[13] >> 2;
            var mantissa = (ulong)(BinaryPrimitives.ReadUInt32BigEndian(_body[12..]) & 0x3_FFFF);
            return mantissa == 0 || exponent <= BitOperations.LeadingZeroCount(mantissa) ? mantissa << exponent : ulong.MaxValue;
        }
    }

    public uint GetSource(int position) => BinaryPrimitives.ReadUInt32BigEndian(_body.Slice(FixedLength + (4 * position), 4));

    /// <param name="body">12 bytes at least, with the identifier.</param>
    internal static bool Fits(ReadOnlySpan<byte> body) => body.Length >= FixedLength && body.Length >= FixedLength + (4 * body[12]);
}
