using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>RFC 3550, 6.6: sources that leave.</summary>
internal readonly ref struct Bye(ReadOnlySpan<byte> body, int sourceCount)
{
    private readonly ReadOnlySpan<byte> _body = body;

    /// <summary>0 is possible, and says nothing.</summary>
    public int SourceCount => sourceCount;

    /// <summary>UTF-8, as the peer sent it; mostly empty.</summary>
    public ReadOnlySpan<byte> Reason => _body.Length == 4 * sourceCount ? default : _body.Slice((4 * sourceCount) + 1, _body[4 * sourceCount]);

    public uint GetSource(int position) => BinaryPrimitives.ReadUInt32BigEndian(_body.Slice(4 * position, 4));

    internal static bool Fits(ReadOnlySpan<byte> body, int sourceCount)
    {
        var sources = 4 * sourceCount;
        return body.Length == sources || (body.Length > sources && body.Length >= sources + 1 + body[sources]);
    }
}
