using System.Buffers.Text;
using System.IO.Compression;
using System.Text;

namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Long logs may come packed: a tar of text files, gzipped, on its own or as base64 behind a header. Bounded, whatever the archive says of itself.</summary>
internal static class ZkArchive
{
    /// <summary>Of an archive, its headers among it.</summary>
    // A full log of 200,000 records of a talkative model.
    public const int MaxUnpackedBytes = 32 << 20;

    private const int PieceBytes = 64 << 10;

    /// <returns>The files one after another, each ended by a line feed; null where it is no such archive, is damaged or too large.</returns>
    public static byte[]? Unpack(ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var source = new MemoryStream(packed.ToArray(), writable: false);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            using var tar = new MemoryStream();
            var piece = new byte[PieceBytes];
            while (gzip.Read(piece) is > 0 and var count)
            {
                if (tar.Length + count > MaxUnpackedBytes)
                    return null;
                tar.Write(piece, 0, count);
            }

            return ZkTar.Join(tar.GetBuffer().AsSpan(0, (int)tar.Length));
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>The archive in <c>name=transaction.tgz\nsize=636\ndatacode=base64\ndatatype=tgz\0BASE64</c>; null where it is none.</summary>
    public static byte[]? FromEnvelope(ReadOnlySpan<byte> body)
    {
        var header = body.IndexOf((byte)0);
        if (header < 0 || !Encoding.ASCII.GetString(body[..Math.Min(header, 512)]).Contains("datacode=base64", StringComparison.OrdinalIgnoreCase))
            return null;
        var text = body[(header + 1)..].TrimEnd("\r\n\0 "u8);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done ? bytes[..written] : null;
    }
}
