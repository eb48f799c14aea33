using System.Security.Cryptography;

namespace MediaScore.Keys;

/// <summary>
/// The secret of one interview, 32 bytes for AES-256. Whoever gets one owns it and disposes it; disposing overwrites it. The bytes lie in pinned memory, so
/// the garbage collector leaves no copies behind.
/// </summary>
public sealed class DataKey : IDisposable
{
    public const int SizeInBytes = 32;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(SizeInBytes, pinned: true);
    private int _disposed;

    /// <param name="bytes">32 bytes, copied.</param>
    public DataKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeInBytes)
            throw new ArgumentException($"A data key has {SizeInBytes} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>The key itself, valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return _bytes;
        }
    }

    /// <summary>A key from the system's random generator.</summary>
    public static DataKey CreateRandom()
    {
        Span<byte> bytes = stackalloc byte[SizeInBytes];
        RandomNumberGenerator.Fill(bytes);
        var key = new DataKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            CryptographicOperations.ZeroMemory(_bytes);
    }
}
