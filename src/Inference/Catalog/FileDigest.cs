using System.Security.Cryptography;

namespace MediaScore.Inference.Catalog;

/// <summary>Hashes of files, in large blocks.</summary>
internal static class FileDigest
{
    // Progress at most every 4 MiB: a bar moves, and reporting costs nothing beside hashing.
    private const int BlockBytes = 4 << 20;

    public static string Sha256(string path, Action<long>? bytesRead = null, CancellationToken cancellationToken = default) =>
        Convert.ToHexStringLower(Compute(path, HashAlgorithmName.SHA256, bytesRead, cancellationToken));

    /// <summary>In the form of <c>package-lock.json</c>: <c>sha512-</c> and base64.</summary>
    public static string Integrity(string path, Action<long>? bytesRead = null, CancellationToken cancellationToken = default) =>
        "sha512-" + Convert.ToBase64String(Compute(path, HashAlgorithmName.SHA512, bytesRead, cancellationToken));

    /// <summary>Size of the file itself, also behind a symbolic link (<see cref="FileInfo.Length"/> gives the link's own).</summary>
    public static long Bytes(string path)
    {
        using var file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }

    private static byte[] Compute(string path, HashAlgorithmName algorithm, Action<long>? bytesRead, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var block = new byte[(int)Math.Clamp(file.Length, 1, BlockBytes)];
        long total = 0;
        int count;
        while ((count = file.Read(block)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, count);
            bytesRead?.Invoke(total += count);
        }

        return hash.GetHashAndReset();
    }
}
