namespace MediaScore.Codecs.Containers;

/// <summary>
/// Access units out of an H.264 Annex B byte stream that has access unit delimiters (FFmpeg: <c>-bsf:v h264_metadata=aud=insert</c>). The format carries no
/// times: count units at the stream's constant rate. Memory is bounded by one access unit. Not thread safe. The stream stays the caller's.
/// </summary>
public sealed class AnnexBReader(Stream stream)
{
    /// <summary>The access unit read last, start codes and delimiter included; valid until the next read.</summary>
    public ReadOnlyMemory<byte> AccessUnit { get; private set; }

    /// <summary>Units read before this one.</summary>
    public long Index { get; private set; } = -1;

    /// <summary>Why reading stopped before a proper end; null after a clean one.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next access unit; false at the end, clean or not (<see cref="Error"/>).</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException($"Lands within minutes {stream}.");
}
