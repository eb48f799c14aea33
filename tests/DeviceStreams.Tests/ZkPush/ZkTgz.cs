using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>Packed logs as terminals send them.</summary>
internal static class ZkTgz
{
    private const int BlockLength = 512;

    public static byte[] Pack(params byte[][] files) => Gzip(Tar(files));

    public static byte[] Tar(params byte[][] files)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            for (var number = 0; number < files.Length; number++)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"log{number}.txt") { DataStream = new MemoryStream(files[number]) });
        }

        return archive.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>A header that claims so many bytes, and what stands behind it.</summary>
    /// <param name="type">0 a file, x more about the next one, L its long name.</param>
    public static byte[] Claim(char type, long size, byte[] content)
    {
        var tar = new byte[BlockLength + content.Length];
        Encoding.ASCII.GetBytes("log.txt").CopyTo(tar, 0);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(tar, 124);
        tar[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(tar, 257);
        content.CopyTo(tar, BlockLength);
        Sum(tar);
        return tar;
    }

    /// <summary>Writes the right sum into the first header.</summary>
    public static void Sum(byte[] tar)
    {
        if (tar.Length < BlockLength)
            return;
        tar.AsSpan(148, 8).Fill((byte)' ');
        var sum = tar.AsSpan(0, BlockLength).ToArray().Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(tar, 148);
        tar[154] = 0;
    }
}
