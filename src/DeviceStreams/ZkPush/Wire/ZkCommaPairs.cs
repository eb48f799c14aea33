using System.Text;

namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>
/// A terminal's parameters: <c>~Key=value,Key=value</c>, or one a line. A value may hold a comma (<c>~OEMVendor=ACME CO., LTD.</c>): a piece without "=" belongs to the
/// value before it. The tilde of a key is dropped.
/// </summary>
internal ref struct ZkCommaPairs
{
    // A long registry line has about 110.
    private const int MaxPairs = 1_024;

    private ReadOnlySpan<byte> _rest;
    private int _count;

    public ZkCommaPairs(ReadOnlySpan<byte> text) => _rest = text;

    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly bool KeyIs(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Key, name);

    public bool MoveNext()
    {
        while (!_rest.IsEmpty && _count++ < MaxPairs)
        {
            var end = PieceLength(_rest);
            var equals = _rest[..end].IndexOf((byte)'=');
            if (equals <= 0)
            {
                _rest = _rest[Math.Min(end + 1, _rest.Length)..];
                continue;
            }

            while (end < _rest.Length)
            {
                var next = _rest[(end + 1)..];
                var length = PieceLength(next);
                if (next[..length].Contains((byte)'='))
                    break;
                end += 1 + length;
            }

            Key = _rest[..equals].Trim(" \r\n\0"u8).TrimStart((byte)'~');
            Value = _rest[(equals + 1)..end].Trim(" \r\n\0"u8);
            _rest = _rest[Math.Min(end + 1, _rest.Length)..];
            return true;
        }

        return false;
    }

    private static int PieceLength(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)',', (byte)'\n') is >= 0 and var end ? end : text.Length;
}
