using System.Buffers.Binary;

namespace MediaScore.Codecs.Containers;

/// <summary>One page of an Ogg stream (RFC 3533, section 6), read and checked in place. At most 65,307 bytes.</summary>
internal sealed class OggPage
{
    private const int HeaderLength = 27;
    private const int MaxLength = HeaderLength + 255 + (255 * 255);

    private static readonly uint[] CrcTable = BuildCrcTable();

    private readonly byte[] _bytes = new byte[MaxLength];
    private int _bodyStart;
    private int _bodyLength;

    internal bool Continued => (_bytes[5] & 1) != 0;

    internal bool FirstOfStream => (_bytes[5] & 2) != 0;

    internal bool LastOfStream => (_bytes[5] & 4) != 0;

    internal uint Serial => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(14));

    internal uint Sequence => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(18));

    /// <summary>Lacing values: a packet ends with the first one under 255.</summary>
    internal ReadOnlySpan<byte> Lacing => _bytes.AsSpan(HeaderLength, _bytes[26]);

    internal ReadOnlyMemory<byte> Body => _bytes.AsMemory(_bodyStart, _bodyLength);

    /// <returns>Null with a page; "" at a clean end; else what is wrong.</returns>
    internal async ValueTask<string?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        switch (await BoundedReading.FillAsync(stream, _bytes.AsMemory(0, HeaderLength), cancellationToken))
        {
            case BoundedReading.Outcome.End:
                return string.Empty;
            case BoundedReading.Outcome.Cut:
                return "Ogg file cut inside a page header.";
        }

        if (!_bytes.AsSpan(0, 4).SequenceEqual("OggS"u8) || _bytes[4] != 0)
            return "Not an Ogg page (it does not begin with OggS, version 0).";
        if (await BoundedReading.FillAsync(stream, _bytes.AsMemory(HeaderLength, _bytes[26]), cancellationToken) != BoundedReading.Outcome.Whole)
            return "Ogg file cut inside a page header.";
        _bodyStart = HeaderLength + _bytes[26];
        _bodyLength = 0;
        foreach (var lacing in Lacing)
            _bodyLength += lacing;
        if (await BoundedReading.FillAsync(stream, _bytes.AsMemory(_bodyStart, _bodyLength), cancellationToken) != BoundedReading.Outcome.Whole)
            return "Ogg file cut inside a page.";
        return ChecksumIsRight() ? null : $"Ogg page {Sequence} is damaged (its checksum does not match).";
    }

    private bool ChecksumIsRight()
    {
        var field = _bytes.AsSpan(22, 4);
        var claimed = BinaryPrimitives.ReadUInt32LittleEndian(field);
        field.Clear(); // The sum is taken with its own field zero.
        var crc = 0u;
        foreach (var value in _bytes.AsSpan(0, _bodyStart + _bodyLength))
            crc = (crc << 8) ^ CrcTable[(crc >> 24) ^ value];
        BinaryPrimitives.WriteUInt32LittleEndian(field, claimed);
        return crc == claimed;
    }

    private static uint[] BuildCrcTable()
    {
        const uint Polynomial = 0x04C11DB7; // RFC 3533, section 6, item 7.
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i << 24;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 0x80000000) != 0 ? (value << 1) ^ Polynomial : value << 1;
            table[i] = value;
        }

        return table;
    }
}
