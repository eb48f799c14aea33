namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>Changes bodies in the ways that break readers of lines and fields. The same seed makes the same cases, so that a failure names its case.</summary>
internal sealed class ZkMutator(int seed)
{
    // What readers split at, and what they stumble over.
    private static readonly byte[] Marks = [.. "\t\n\r =&,;:-~/+%0123456789"u8, 0, 0x7F, 0x80, 0xC0, 0xFF, 0xD8];

    private static readonly byte[][] Words =
    [
        [.. "PIN="u8], [.. "\tpin="u8], [.. "time=2026-02-30 25:61:61"u8], [.. "index=99999999999999999999"u8], [.. "ID=1&Return=0&CMD="u8], [.. "Content="u8], [.. "USER "u8], [.. "OPLOG "u8], [.. "BIOPHOTO "u8],
        [.. "2147483648"u8], [.. "-9223372036854775808"u8], [.. "1767600000"u8], [.. "9999-12-31 23:59:59"u8], [0xFF, 0xD8, 0xFF], [0xF0, 0x9F, 0x98, 0x80], [0x81, 0x30, 0x81, 0x30], [.. "\r\n\0"u8],
    ];

    public Random Random { get; } = new(seed);

    /// <param name="other">What parts are taken from.</param>
    public byte[] Mutate(byte[] original, byte[] other, int maxLength)
    {
        var bytes = new List<byte>(original.AsSpan(0, Math.Min(original.Length, maxLength)).ToArray());
        for (var rounds = 1 + Random.Next(6); rounds > 0; rounds--)
            MutateOnce(bytes, other);
        if (bytes.Count > maxLength)
            bytes.RemoveRange(maxLength, bytes.Count - maxLength);
        return [.. bytes];
    }

    private void MutateOnce(List<byte> bytes, byte[] other)
    {
        var at = Random.Next(bytes.Count + 1);
        var count = Math.Min(1 + Random.Next(24), bytes.Count - at);
        switch (Random.Next(9))
        {
            case 0 when count > 0:
                bytes[at] ^= (byte)(1 << Random.Next(8));
                break;
            case 1 when count > 0:
                bytes[at] = (byte)Random.Next(256);
                break;
            case 2 when count > 0:
                bytes[at] = Marks[Random.Next(Marks.Length)];
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.RemoveRange(at, count);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, count));
                break;
            case 6 when other.Length > 0:
                var from = Random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(1 + Random.Next(200), other.Length - from)).ToArray());
                break;
            case 7:
                bytes.InsertRange(at, Words[Random.Next(Words.Length)]);
                break;
            default:
                // The same mark many times: what is quadratic shows here.
                bytes.InsertRange(at, Enumerable.Repeat(Marks[Random.Next(Marks.Length)], Random.Next(64)));
                break;
        }
    }
}
