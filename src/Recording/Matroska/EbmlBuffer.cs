using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MediaScore.Recording.Matroska;

/// <summary>Elements of EBML (RFC 8794) gathered in memory. One thread at a time.</summary>
internal sealed class EbmlBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public int Length => _bytes.WrittenCount;

    public void Clear() => _bytes.ResetWrittenCount();

    public void UnsignedInteger(uint id, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Binary(id, bytes[Math.Min(bytes.IndexOfAnyExcept((byte)0) is >= 0 and var first ? first : 7, 7)..]);
    }

    public void Float(uint id, double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Binary(id, bytes);
    }

    public void Text(uint id, string value) => Binary(id, Encoding.UTF8.GetBytes(value));

    public void Binary(uint id, ReadOnlySpan<byte> value)
    {
        Id(id);
        Size((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Master(uint id, EbmlBuffer content) => Binary(id, content.Written.Span);

    /// <summary>An element that lasts until one that can't be inside it, or the end: for what is written while it goes on (RFC 8794, 6.2).</summary>
    public void MasterOfUnknownSize(uint id)
    {
        Id(id);
        _bytes.Write<byte>([0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    }

    public void Id(uint id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        _bytes.Write(bytes[bytes.IndexOfAnyExcept((byte)0)..]);
    }

    /// <summary>A size in as few bytes as it takes; all ones is left out, it means unknown.</summary>
    public void Size(ulong value)
    {
        var length = 1;
        while (value >= (1UL << (7 * length)) - 1)
            length++;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value | (1UL << (7 * length)));
        _bytes.Write(bytes[^length..]);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);
}
