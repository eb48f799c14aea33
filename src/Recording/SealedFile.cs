using MediaScore.Keys;

namespace MediaScore.Recording;

/// <summary>A small document of one interview, encrypted whole with its data key (AES-256-GCM) and written atomically: the old version or the new one, never half.</summary>
public static class SealedFile
{
    /// <summary>Durable on return (file and folder are synced).</summary>
    public static Task WriteAsync(string path, DataKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Sealed files are being built.");

    /// <summary>The content, or null where there is no such file.</summary>
    /// <exception cref="LogDamagedException">Changed, cut, renamed, or written with another key.</exception>
    public static Task<byte[]?> TryReadAsync(string path, DataKey key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Sealed files are being built.");
}
