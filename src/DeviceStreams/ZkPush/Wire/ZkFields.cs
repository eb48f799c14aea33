namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Fields of a positional record, between TABs.</summary>
internal static class ZkFields
{
    /// <param name="fields">What does not fit in is not looked at.</param>
    /// <returns>How many there are, at most as many as fit.</returns>
    public static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        var (count, start) = (0, 0);
        while (count < fields.Length)
        {
            var length = line[start..].IndexOf((byte)'\t');
            fields[count++] = start..(length < 0 ? line.Length : start + length);
            if (length < 0)
                break;
            start += length + 1;
        }

        return count;
    }
}
