using System.Text;

namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>
/// Fields of a keyed record, <c>key=value</c> between TABs; one without any TAB may have spaces instead (an old manual shows them). Split at the first "=" only, since
/// base64 ends in it. Keys come in any case and order.
/// </summary>
internal ref struct ZkPairs
{
    // The longest record known has 22 fields; what comes behind these is noise.
    private const int MaxPairs = 64;

    private readonly bool _isSpaced;
    private ReadOnlySpan<byte> _rest;
    private int _count;

    public ZkPairs(ReadOnlySpan<byte> record)
    {
        _rest = record;
        _isSpaced = !record.Contains((byte)'\t');
    }

    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly bool KeyIs(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Key, name);

    public bool MoveNext()
    {
        while (!_rest.IsEmpty && _count++ < MaxPairs)
        {
            var end = _isSpaced ? SpacedEnd(_rest) : _rest.IndexOf((byte)'\t');
            var piece = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (_isSpaced)
                piece = piece.Trim((byte)' ');
            var equals = piece.IndexOf((byte)'=');
            if (equals <= 0)
                continue;
            Key = piece[..equals].Trim((byte)' ').TrimStart((byte)'~');
            Value = piece[(equals + 1)..];
            return true;
        }

        return false;
    }

    /// <summary>Removes the table's name in front of a record: a word, a space, and then the first key.</summary>
    /// <returns>The word; empty where there is none.</returns>
    public static ReadOnlySpan<byte> TakeTableName(ref ReadOnlySpan<byte> record)
    {
        var length = record.IndexOfAny((byte)' ', (byte)'\t', (byte)'=');
        if (length <= 0 || record[length] != (byte)' ')
            return default;
        var name = record[..length];
        record = record[(length + 1)..];
        return name;
    }

    /// <summary>The space behind which the next key begins: letters and then "=". Values may have spaces of their own.</summary>
    private static int SpacedEnd(ReadOnlySpan<byte> rest)
    {
        var from = 0;
        while (rest[from..].IndexOf((byte)' ') is >= 0 and var gap)
        {
            var space = from + gap;
            var word = rest[(space + 1)..];
            var length = 0;
            while (length < word.Length && (char.IsAsciiLetterOrDigit((char)word[length]) || word[length] is (byte)'~' or (byte)'_'))
                length++;
            if (length > 0 && length < word.Length && word[length] == (byte)'=')
                return space;
            from = space + 1 + length;
        }

        return -1;
    }
}
