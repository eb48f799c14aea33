using System.Buffers.Binary;
using System.Numerics;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>RFC 4585, 6.2.1: packets that are asked for again. Read the sequence numbers with <c>foreach</c>.</summary>
internal readonly ref struct Nack(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public uint MediaSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body[4..]);

    public Enumerator GetEnumerator() => new(_body[8..]);

    internal ref struct Enumerator(ReadOnlySpan<byte> items)
    {
        private ReadOnlySpan<byte> _rest = items;
        private uint _bits;
        private ushort _first;

        public ushort Current { get; private set; }

        public bool MoveNext()
        {
            if (_bits == 0)
            {
                if (_rest.Length < 4)
                    return false;
                Current = _first = BinaryPrimitives.ReadUInt16BigEndian(_rest);
                _bits = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
                _rest = _rest[4..];
                return true;
            }

            var bit = BitOperations.TrailingZeroCount(_bits);
            _bits &= _bits - 1;
            Current = (ushort)(_first + 1 + bit);
            return true;
        }
    }
}
