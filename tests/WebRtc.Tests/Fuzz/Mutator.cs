namespace MediaScore.WebRtc.Tests.Fuzz;

/// <summary>Changes known inputs in the ways that break parsers. The same seed makes the same cases, so that a failure names its case.</summary>
internal sealed class Mutator(int seed)
{
    // Lengths and counts next to a boundary, as parsers meet them.
    private static readonly byte[] Boundaries = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 191, 192, 254, 255];

    private readonly Random _random = new(seed);

    public Random Random => _random;

    /// <param name="original">What is changed.</param>
    /// <param name="other">What parts are taken from.</param>
    /// <param name="output">As long as the longest case may be.</param>
    /// <returns>Bytes of <paramref name="output"/> that are the case.</returns>
    public int Mutate(ReadOnlySpan<byte> original, ReadOnlySpan<byte> other, Span<byte> output)
    {
        var length = Math.Min(original.Length, output.Length);
        original[..length].CopyTo(output);
        for (var rounds = 1 + _random.Next(6); rounds > 0; rounds--)
            length = MutateOnce(output, length, other);
        return length;
    }

    private int MutateOnce(Span<byte> output, int length, ReadOnlySpan<byte> other)
    {
        if (length == 0)
            return Append(output, length, other);
        var at = _random.Next(length);
        var count = Math.Min(1 + _random.Next(16), length - at);
        switch (_random.Next(10))
        {
            case 0:
                output[at] ^= (byte)(1 << _random.Next(8));
                return length;
            case 1:
                output[at] = (byte)_random.Next(256);
                return length;
            case 2:
                output[at] = Boundaries[_random.Next(Boundaries.Length)];
                return length;
            case 3:
                _random.NextBytes(output.Slice(at, count));
                return length;
            case 4:
                return at;
            case 5:
                output[(at + count)..length].CopyTo(output[at..]);
                return length - count;
            case 6:
                return Insert(output, length, at, output.Slice(at, count).ToArray());
            case 7:
                return other.IsEmpty ? length : Insert(output, length, at, Part(other));
            case 8:
                return Append(output, length, other);
            default:
                // A 16-bit length field, right or wrong by a little.
                if (at + 1 < length)
                {
                    var value = (output[at] << 8 | output[at + 1]) + _random.Next(-4, 5);
                    output[at] = (byte)(value >> 8);
                    output[at + 1] = (byte)value;
                }

                return length;
        }
    }

    private int Append(Span<byte> output, int length, ReadOnlySpan<byte> other)
    {
        if (!other.IsEmpty)
            return Insert(output, length, length, Part(other));
        Span<byte> random = stackalloc byte[1 + _random.Next(32)];
        _random.NextBytes(random);
        return Insert(output, length, length, random);
    }

    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> other)
    {
        var from = _random.Next(other.Length);
        return other.Slice(from, 1 + _random.Next(Math.Min(other.Length - from, 256)));
    }

    private static int Insert(Span<byte> output, int length, int at, ReadOnlySpan<byte> part)
    {
        var count = Math.Min(part.Length, output.Length - length);
        output[at..length].CopyTo(output[(at + count)..]);
        part[..count].CopyTo(output[at..]);
        return length + count;
    }
}
