namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>
/// The files of a tar archive (POSIX.1-2001, pax, "ustar Interchange Format") that is in memory already. The runtime's reader makes room for whatever a header claims, two gigabytes for a name of
/// its own, before it looks whether that many bytes are there; here a length is believed only as far as the archive goes.
/// </summary>
internal static class ZkTar
{
    private const int BlockLength = 512;
    private const int SizeOffset = 124;
    private const int SizeLength = 12;
    private const int SumOffset = 148;
    private const int SumLength = 8;
    private const int TypeOffset = 156;

    /// <returns>The contents one after another, each ended by a line feed; null where there is none, or the archive is damaged or cut.</returns>
    public static byte[]? Join(ReadOnlySpan<byte> archive)
    {
        using var files = new MemoryStream();
        while (archive.Length >= BlockLength && archive[..BlockLength].ContainsAnyExcept((byte)0))
        {
            var header = archive[..BlockLength];
            if (Octal(header.Slice(SumOffset, SumLength)) != SumOf(header) || Octal(header.Slice(SizeOffset, SizeLength)) is not { } size || size > archive.Length - BlockLength)
                return null;
            // Plain files; what else there may be (folders, links, longer names) holds no log.
            if (header[TypeOffset] is 0 or (byte)'0')
            {
                files.Write(archive.Slice(BlockLength, (int)size));
                files.WriteByte((byte)'\n');
            }

            // A file ends with its block, where the archive was not cut in the padding.
            var padded = (BlockLength + size + BlockLength - 1) / BlockLength * BlockLength;
            archive = archive[(int)Math.Min(padded, archive.Length)..];
        }

        return files.Length > 0 ? files.ToArray() : null;
    }

    /// <returns>Null where it is no number; larger ones than eleven digits hold are written otherwise, and no log is that long.</returns>
    private static long? Octal(ReadOnlySpan<byte> field)
    {
        var digits = field.Trim(" \0"u8);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'7'))
            return null;
        long value = 0;
        foreach (var digit in digits)
            value = (value * 8) + digit - '0';
        return value;
    }

    /// <summary>All bytes of a header, its own sum taken as blanks.</summary>
    private static long SumOf(ReadOnlySpan<byte> header)
    {
        long sum = SumLength * ' ';
        foreach (var value in header[..SumOffset])
            sum += value;
        foreach (var value in header[(SumOffset + SumLength)..])
            sum += value;
        return sum;
    }
}
