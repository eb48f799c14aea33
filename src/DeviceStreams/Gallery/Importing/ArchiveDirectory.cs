using System.Buffers.Binary;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>Looks at the end of a ZIP archive (PKWARE APPNOTE 6.3.10, 4.3.16) before its list of contents is read into memory as a whole.</summary>
internal static class ArchiveDirectory
{
    private const uint EndSignature = 0x06054B50;
    private const int EndLength = 22;
    private const int MaxComment = ushort.MaxValue;

    // Header, name and extra fields of one entry; a list with more a head is not one of photos.
    private const int EntryBytes = 1_024;

    /// <exception cref="PeopleImportException">It is no archive, or one of more than is allowed.</exception>
    public static void ThrowIfUnfit(Stream archive, string path, int maxEntries)
    {
        var tail = new byte[(int)Math.Min(archive.Length, EndLength + MaxComment)];
        archive.Position = archive.Length - tail.Length;
        archive.ReadExactly(tail);
        archive.Position = 0;
        var at = FindEnd(tail);
        if (at < 0)
            throw new PeopleImportException($"{path} is no ZIP archive, or it was cut.");
        var end = tail.AsSpan(at);
        var disk = BinaryPrimitives.ReadUInt16LittleEndian(end[4..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        // Any of these sends the reader to another record (ZIP64), whose numbers are not looked at here.
        if (count == ushort.MaxValue || offset == uint.MaxValue || disk == ushort.MaxValue)
            throw new PeopleImportException($"{path} is a ZIP archive of 4 GiB or 65,535 files or more. Unpack it and name the folder, or make smaller ones.");
        // By the bytes that it takes, too: the count is only what the archive says.
        var listBytes = archive.Length - tail.Length + at - offset;
        if (count > maxEntries || listBytes > (long)maxEntries * EntryBytes)
            throw new PeopleImportException($"{path} has more than {maxEntries} files (PeopleImport:MaxArchiveEntries). Unpack it and name the folder, or make smaller ones.");
    }

    /// <summary>The last record whose comment ends with the file.</summary>
    private static int FindEnd(ReadOnlySpan<byte> tail)
    {
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) == EndSignature && at + EndLength + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) <= tail.Length)
                return at;
        }

        return -1;
    }
}
