using MediaScore.Codecs.Video;

namespace MediaScore.Codecs.Containers;

/// <summary>
/// Frames out of an IVF file (VP8), with their times, in order, from any readable stream. Memory is bounded by one frame. Not thread safe. The stream stays the caller's.
/// </summary>
public sealed class IvfReader(Stream stream)
{
    public VideoCodec Codec { get; private set; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>The frame read last; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Frame { get; private set; }

    /// <summary>When it is shown.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Why reading stopped before a proper end; null after a clean one.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next frame; false at the end, clean or not (<see cref="Error"/>).</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException($"Lands within minutes {stream}.");
}
