namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>CRC-32 of ITU V.42, as an archive has it of each of its files (APPNOTE 4.4.7). The runtime unpacks without comparing it.</summary>
internal static class ArchiveChecksum
{
    // The reflected polynomial 0x04C11DB7. The runtime's own instruction computes CRC-32C, another one.
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> file)
    {
        var crc = uint.MaxValue;
        foreach (var value in file)
            crc = Table[(byte)(crc ^ value)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint value = 0; value < table.Length; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            table[value] = crc;
        }

        return table;
    }
}
