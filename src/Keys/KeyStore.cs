using Microsoft.Extensions.Logging;

namespace MediaScore.Keys;

/// <summary>
/// The data keys of all interviews, one file each, wrapped (AES-256-GCM) by the master key. The only place that knows where keys lie. Thread-safe.
/// Destroying an entry makes everything that was encrypted with it unreadable, copies and backups included.
/// </summary>
public sealed class KeyStore : IDisposable
{
    /// <summary>Opens the store; makes folder and master key at first start; finishes a rotation that was interrupted.</summary>
    /// <exception cref="MasterKeyException">The master key is missing, malformed, readable by others, or not the one that wrapped the stored keys.</exception>
    public static Task<KeyStore> OpenAsync(KeyOptions options, ILogger<KeyStore>? logger = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The key store is being built.");

    /// <summary>The interview's key, made durable before it is returned when it is new. The caller disposes it.</summary>
    /// <param name="interviewId">1 to 64 characters of <c>[A-Za-z0-9_-]</c>.</param>
    public DataKey GetOrCreate(string interviewId) => throw new NotSupportedException("The key store is being built.");

    /// <summary>The interview's key, or null where there is none (never made, or destroyed). The caller disposes it.</summary>
    public DataKey? TryGet(string interviewId) => throw new NotSupportedException("The key store is being built.");

    /// <summary>Overwrites and removes the interview's key; durable on return. False where there was none.</summary>
    public bool Destroy(string interviewId) => throw new NotSupportedException("The key store is being built.");

    public void Dispose() => throw new NotSupportedException("The key store is being built.");
}
