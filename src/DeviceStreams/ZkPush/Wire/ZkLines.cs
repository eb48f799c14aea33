namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>The lines of a body, one after another. Ends may be LF or CRLF, the last may have none, and firmware was seen that sends a NUL behind the last.</summary>
internal static class ZkLines
{
    // Never TAB: an empty first or last field is a field.
    private static ReadOnlySpan<byte> LineEnd => "\r\0"u8;

    private static ReadOnlySpan<byte> Blank => " \r\0"u8;

    /// <summary>Takes the next line that is not blank.</summary>
    /// <param name="position">Where to read on; moved behind the line.</param>
    public static bool TryTake(ReadOnlySpan<byte> body, ref int position, out ReadOnlySpan<byte> line)
    {
        while (position < body.Length)
        {
            var rest = body[position..];
            var end = rest.IndexOf((byte)'\n');
            position += end < 0 ? rest.Length : end + 1;
            line = (end < 0 ? rest : rest[..end]).TrimEnd(LineEnd);
            if (!IsBlank(line))
                return true;
        }

        line = default;
        return false;
    }

    public static int Count(ReadOnlySpan<byte> body)
    {
        var (position, count) = (0, 0);
        while (TryTake(body, ref position, out _))
            count++;
        return count;
    }

    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(Blank) < 0;
}
