using System.Globalization;
using System.Text;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>Pictures out of FFmpeg's <c>mpjpeg</c> format: multipart MIME whose parts name their length. Not thread-safe.</summary>
internal sealed class MultipartJpegReader(Stream stream) : IDisposable
{
    // A 640-wide picture is under 200 KB; the wire takes 512 KiB.
    private const int LongestPicture = 4 << 20;

    private const string LengthField = "content-length:";

    private readonly BufferedStream _stream = new(stream, 64 * 1024);

    /// <returns>Null at the end.</returns>
    /// <exception cref="InvalidDataException">Not this format.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        var length = -1;
        while (ReadLine() is { } line)
        {
            if (line.StartsWith(LengthField, StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.AsSpan(LengthField.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
            }
            else if (line.Length == 0 && length >= 0)
            {
                if (length > LongestPicture)
                    throw new InvalidDataException($"A picture of {length} bytes; at most {LongestPicture} are taken.");
                var picture = new byte[length];
                await _stream.ReadExactlyAsync(picture, cancellation);
                return picture;
            }
        }

        return null;
    }

    public void Dispose() => _stream.Dispose();

    private string? ReadLine()
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = _stream.ReadByte();
            if (next < 0)
                return line.Length > 0 ? line.ToString() : null;
            if (next == '\n')
                return line.ToString().TrimEnd('\r');
            if (line.Length > 1024)
                throw new InvalidDataException("A header line of more than 1024 characters: not a multipart stream.");
            line.Append((char)next);
        }
    }
}
