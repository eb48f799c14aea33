using System.Buffers.Text;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Long logs may come packed: a tar of text files, gzipped, on its own or as base64 behind a header. Bounded, whatever the archive says of itself.</summary>
internal static class ZkArchive
{
    /// <summary>Of all files of an archive together.</summary>
    // A full log of 200,000 records of a talkative model.
    public const int MaxUnpackedBytes = 32 << 20;

    private const int MaxFiles = 64;

    /// <returns>The files one after another, each ended by a line feed; null where it is no such archive, is damaged or too large.</returns>
    public static async Task<byte[]?> UnpackAsync(ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        using var unpacked = new MemoryStream();
        try
        {
            using var source = new MemoryStream(packed.ToArray(), writable: false);
            await using var gzip = new GZipStream(source, CompressionMode.Decompress);
            await using var limited = new LimitedStream(gzip, MaxUnpackedBytes);
            await using var tar = new TarReader(limited, leaveOpen: true);
            for (var count = 0; count < MaxFiles && await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry; count++)
            {
                if (entry.DataStream is null)
                    continue;
                await entry.DataStream.CopyToAsync(unpacked, cancellationToken);
                unpacked.WriteByte((byte)'\n');
            }

            return unpacked.Length > 0 ? unpacked.ToArray() : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException or ArgumentException or OverflowException or NotSupportedException)
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

    /// <summary>Ends a stream that promises less than it holds.</summary>
    private sealed class LimitedStream(Stream inner, long left) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Taken(inner.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Taken(inner.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Taken(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Taken(int count) => (_left -= count) >= 0 ? count : throw new InvalidDataException("The archive holds more than a terminal sends.");
    }
}
