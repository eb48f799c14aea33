using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>
/// Walks over the packets of a compound (RFC 3550, 6.1) or reduced-size (RFC 5506) RTCP datagram. Unknown and malformed packets are handed out as such, so that those behind them are read;
/// a length beyond the datagram or another version ends the walk, since nothing behind it can be trusted.
/// </summary>
internal ref struct RtcpReader(ReadOnlySpan<byte> compound)
{
    private const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest = compound;

    /// <summary>The walk ended at bytes that are no RTCP packet.</summary>
    public bool Truncated { get; private set; }

    /// <summary>The next packet; borrows the datagram.</summary>
    public bool TryRead(out RtcpBlock block)
    {
        block = default;
        if (_rest.IsEmpty)
            return false;
        var length = _rest.Length < HeaderLength ? 0 : HeaderLength + (4 * BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]));
        if (length == 0 || _rest[0] >> 6 != 2 || length > _rest.Length)
        {
            Truncated = true;
            _rest = default;
            return false;
        }

        block = RtcpBlock.Create(_rest[..length]);
        _rest = _rest[length..];
        return true;
    }
}
