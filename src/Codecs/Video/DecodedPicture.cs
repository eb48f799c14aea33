using System.Buffers;

namespace MediaScore.Codecs.Video;

/// <summary>One decoded picture, 24-bit RGB. The buffer is pooled: one owner at a time, who disposes it once done; no slice of it may be kept after that.</summary>
public sealed class DecodedPicture : IDisposable
{
    private byte[]? _buffer;

    internal DecodedPicture(int width, int height, int sourceWidth, int sourceHeight)
    {
        Width = width;
        Height = height;
        SourceWidth = sourceWidth;
        SourceHeight = sourceHeight;
        _buffer = ArrayPool<byte>.Shared.Rent(width * height * 3);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Width of the coded picture, before scaling.</summary>
    public int SourceWidth { get; }

    public int SourceHeight { get; }

    /// <summary>Rows from the top, no padding: <c>[Height, Width, 3]</c>, red first, 0 to 255.</summary>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public Memory<byte> Rgb24
    {
        get
        {
            var buffer = _buffer;
            ObjectDisposedException.ThrowIf(buffer is null, this);
            return buffer.AsMemory(0, Width * Height * 3);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
