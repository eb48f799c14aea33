using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>The items of a source description (RFC 3550, 6.5), chunk by chunk.</summary>
internal ref struct SdesItems(ReadOnlySpan<byte> body, int chunkCount)
{
    /// <summary>Item type of the canonical name.</summary>
    public const byte Cname = 1;

    private ReadOnlySpan<byte> _rest = body;
    private int _chunksLeft = chunkCount;
    private int _chunkOffset;
    private uint _ssrc;
    private bool _inChunk;

    /// <summary>The next item that is not the null item.</summary>
    /// <param name="value">UTF-8, up to 255 bytes; as the peer sent it.</param>
    public bool TryRead(out uint ssrc, out byte type, out ReadOnlySpan<byte> value)
    {
        (ssrc, type) = (0, 0);
        value = default;
        while (_inChunk || TryOpenChunk())
        {
            if (_rest.IsEmpty)
                return false;
            type = _rest[0];
            if (type == 0)
            {
                // One to four null bytes fill the chunk up to a multiple of four.
                var fill = 4 - (_chunkOffset % 4);
                if (fill > _rest.Length)
                    return false;
                _rest = _rest[fill..];
                _inChunk = false;
                continue;
            }

            if (_rest.Length < 2 || _rest.Length < 2 + _rest[1])
                return false;
            ssrc = _ssrc;
            value = _rest.Slice(2, _rest[1]);
            _chunkOffset += 2 + value.Length;
            _rest = _rest[(2 + value.Length)..];
            return true;
        }

        return false;
    }

    /// <summary>Whether every chunk has its end.</summary>
    internal static bool Fits(ReadOnlySpan<byte> body, int chunkCount)
    {
        var items = new SdesItems(body, chunkCount);
        while (items.TryRead(out _, out _, out _))
        {
        }

        return items._chunksLeft == 0 && !items._inChunk;
    }

    private bool TryOpenChunk()
    {
        if (_chunksLeft == 0 || _rest.Length < 4)
            return false;
        _chunksLeft--;
        _ssrc = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        _rest = _rest[4..];
        _chunkOffset = 0;
        _inChunk = true;
        return true;
    }
}
