using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Keys;

/// <summary>
/// The data keys of all interviews, one file each, wrapped (AES-256-GCM) by the master key. The only place that knows where keys lie. Thread-safe.
/// Destroying an entry makes everything that was encrypted with it unreadable, copies and backups included.
/// </summary>
public sealed partial class KeyStore : IDisposable
{
    private const string EntrySuffix = ".datakey";

    private readonly Lock _gate = new();
    private readonly KeyOptions _options;
    private readonly ILogger _logger;
    private MasterKey _master;
    private bool _disposed;

    private KeyStore(KeyOptions options, MasterKey master, ILogger logger)
    {
        _options = options;
        _master = master;
        _logger = logger;
    }

    /// <summary>Opens the store; makes folder and master key at first start; finishes a rotation that was interrupted, or that was begun by giving a new master key with the old one beside it (<c>…_PREVIOUS</c>).</summary>
    /// <exception cref="MasterKeyException">The master key is missing, malformed, readable by others, or not the one that wrapped the stored keys.</exception>
    public static async Task<KeyStore> OpenAsync(KeyOptions options, ILogger<KeyStore>? logger = null, CancellationToken cancellationToken = default)
    {
        DurableFile.CreateFolder(options.Folder);
        // What a crash left of an atomic write may be a copy of a key that was destroyed since.
        foreach (var leftover in Directory.EnumerateFiles(options.Folder, "*.tmp"))
            Erase(leftover);
        var (master, previous) = await MasterKeySource.LoadAsync(options, mayCreate: !Entries(options.Folder).Any(), cancellationToken);
        using (previous)
        {
            var store = new KeyStore(options, master, (ILogger?)logger ?? NullLogger.Instance);
            try
            {
                store.Rewrap(previous);
                store.FinishRotation();
                return store;
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }
    }

    /// <summary>The interview's key, made durable before it is returned when it is new. The caller disposes it.</summary>
    /// <param name="interviewId">1 to 64 characters of <c>[A-Za-z0-9_-]</c>.</param>
    /// <exception cref="MasterKeyException">The entry was changed, or wrapped by another master key.</exception>
    public DataKey GetOrCreate(string interviewId)
    {
        var path = EntryPath(interviewId);
        lock (_gate)
        {
            if (TryGet(interviewId) is { } known)
                return known;
            var key = DataKey.CreateRandom();
            try
            {
                DurableFile.Write(path, WrappedKey.Wrap(key, interviewId, _master), overwrite: false);
                return key;
            }
            catch
            {
                key.Dispose();
                throw;
            }
        }
    }

    /// <summary>The interview's key, or null where there is none (never made, or destroyed). The caller disposes it.</summary>
    /// <exception cref="MasterKeyException">The entry was changed, or wrapped by another master key.</exception>
    public DataKey? TryGet(string interviewId)
    {
        var path = EntryPath(interviewId);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return File.Exists(path) ? Unwrap(path, interviewId, _master) : null;
        }
    }

    /// <summary>Overwrites and removes the interview's key; durable on return. False where there was none.</summary>
    // Overwriting helps on disks that write in place; on flash the wrapped old bytes may live on for a while, unreadable without the master key.
    public bool Destroy(string interviewId)
    {
        var path = EntryPath(interviewId);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!File.Exists(path))
                return false;
            Erase(path);
            DurableFile.SyncFolder(_options.Folder);
            LogDestroyed(_logger, interviewId);
            return true;
        }
    }

    /// <summary>Makes a new master key file and wraps every data key anew. May be interrupted at any point: the next start finishes it.</summary>
    /// <returns>Keys wrapped anew.</returns>
    /// <exception cref="MasterKeyException">The master key doesn't come from a file: then give the new one, and the old one in <c>…_PREVIOUS</c>, and start again.</exception>
    public int Rotate()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var path = MasterKeySource.FilePath(_options);
            if (_master.Source != $"file {path}")
                throw new MasterKeyException($"The master key comes from {_master.Source}: set it to the new key and {_options.MasterKeyVariable}_PREVIOUS to the old one, then start again.");
            MasterKeySource.Create(path + MasterKeySource.NextSuffix);
            using var previous = _master;
            _master = MasterKeySource.ReadFile(path + MasterKeySource.NextSuffix);
            var count = Rewrap(previous);
            FinishRotation();
            return count;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _master.Dispose();
        }
    }

    private static IEnumerable<string> Entries(string folder) => Directory.EnumerateFiles(folder, "*" + EntrySuffix);

    private static DataKey Unwrap(string path, string interviewId, MasterKey master)
    {
        var entry = File.ReadAllBytes(path);
        return WrappedKey.TryUnwrap(entry, interviewId, master) ?? throw new MasterKeyException(WrappedKey.IsWrappedBy(entry, master)
            ? $"The key store's entry {path} was changed, or belongs to another interview."
            : $"The key store's entry {path} was not wrapped by the master key from {master.Source}.");
    }

    private static void Erase(string path)
    {
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            stream.Write(RandomNumberGenerator.GetBytes(checked((int)stream.Length)));
            stream.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }

    private string EntryPath(string interviewId) =>
        interviewId is { Length: >= 1 and <= 64 } && interviewId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? Path.Combine(_options.Folder, interviewId + EntrySuffix)
            : throw new ArgumentException($"'{interviewId}' is not an interview id: 1 to 64 characters of A-Z a-z 0-9 _ -.", nameof(interviewId));

    /// <summary>Wraps what <paramref name="previous"/> wrapped by the key in force; entries that are so already are left alone.</summary>
    private int Rewrap(MasterKey? previous)
    {
        var foreign = new List<string>();
        var count = 0;
        foreach (var path in Entries(_options.Folder).ToList())
        {
            var entry = File.ReadAllBytes(path);
            if (WrappedKey.IsWrappedBy(entry, _master))
                continue;
            if (previous is null || !WrappedKey.IsWrappedBy(entry, previous))
            {
                foreign.Add(path);
                continue;
            }

            var interviewId = Path.GetFileNameWithoutExtension(path);
            using var key = Unwrap(path, interviewId, previous);
            DurableFile.Write(path, WrappedKey.Wrap(key, interviewId, _master));
            count++;
        }

        if (foreign.Count > 0)
        {
            throw new MasterKeyException(
                $"The master key from {_master.Source} is not the one that wrapped {foreign.Count} of the keys in {_options.Folder} (first: {foreign[0]}). Give the right one; to rotate, give the old one in {_options.MasterKeyVariable}_PREVIOUS.");
        }

        if (count > 0)
            LogRewrapped(_logger, count);
        return count;
    }

    private void FinishRotation()
    {
        var path = MasterKeySource.FilePath(_options);
        if (_master.Source != $"file {path}{MasterKeySource.NextSuffix}")
            return;
        File.Move(path + MasterKeySource.NextSuffix, path, overwrite: true);
        DurableFile.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var named = MasterKeySource.ReadFile(path);
        _master.Dispose();
        _master = named;
    }

    [LoggerMessage(1, LogLevel.Information, "The data key of interview {InterviewId} was destroyed")]
    private static partial void LogDestroyed(ILogger logger, string interviewId);

    [LoggerMessage(2, LogLevel.Information, "{Count} data keys were wrapped by the new master key")]
    private static partial void LogRewrapped(ILogger logger, int count);
}
