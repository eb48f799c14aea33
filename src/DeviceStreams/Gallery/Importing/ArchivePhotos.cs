using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>Photos in a ZIP archive, unpacked one at a time into memory and never to the disk. What the archive says of itself is checked before it is believed.</summary>
internal sealed class ArchivePhotos : IPhotoSource
{
    private const int UnixTypeShift = 16;
    private const int UnixTypeMask = 0xF000;
    private const int UnixRegular = 0x8000;

    private readonly Dictionary<string, ZipArchiveEntry?> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ZipArchiveEntry?> _byFileName = new(StringComparer.OrdinalIgnoreCase);
    private readonly FileStream _stream;
    private readonly ZipArchive _archive;
    private readonly PhotoBudget _budget;
    private readonly int _maxRatio;

    private ArchivePhotos(FileStream stream, ZipArchive archive, PhotoBudget budget, int maxRatio)
    {
        (_stream, _archive, _budget, _maxRatio) = (stream, archive, budget, maxRatio);
        foreach (var entry in archive.Entries)
            Index(entry);
    }

    /// <exception cref="PeopleImportException">It is no archive, or one of more than is allowed.</exception>
    public static ArchivePhotos Open(string path, PhotoBudget budget, PeopleImportOptions options)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            ArchiveDirectory.ThrowIfUnfit(stream, path, options.MaxArchiveEntries);
            var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8);
            // Archives from Chinese Windows do not say that their names are GBK; as UTF-8 they do not decode.
            if (archive.Entries.Any(entry => entry.FullName.Contains('\uFFFD')))
            {
                archive.Dispose();
                stream.Position = 0;
                archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true, CodePagesEncodingProvider.Instance.GetEncoding(936));
            }

            return new ArchivePhotos(stream, archive, budget, options.MaxCompressionRatio);
        }
        catch (InvalidDataException e)
        {
            stream.Dispose();
            throw new PeopleImportException($"{path} is damaged, or no ZIP archive: {e.Message}", e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public bool TryRead(string name, [NotNullWhen(true)] out byte[]? photo, [NotNullWhen(false)] out string? fault)
    {
        photo = null;
        // By its place, else by its name alone where only one has it: packing a folder puts the folder's name before all.
        if (!_byName.TryGetValue(name, out var entry) && !_byFileName.TryGetValue(name, out entry))
            fault = $"there is no photo {name} in the archive";
        else if (entry is null)
            fault = $"the archive has several photos {name}";
        else if (entry.Length > Math.Max(1, entry.CompressedLength) * _maxRatio)
            fault = $"{name} unpacks to more than {_maxRatio} times its size (PeopleImport:MaxCompressionRatio): it is no photo";
        else if ((fault = _budget.Take(entry.Length)) is null)
            photo = Unpack(entry, out fault);
        return photo is not null;
    }

    public void Dispose()
    {
        _archive.Dispose();
        _stream.Dispose();
    }

    /// <summary>Exactly the bytes that the archive says: of one that lies about their number, or was damaged, another checksum comes out.</summary>
    private static byte[]? Unpack(ZipArchiveEntry entry, out string? fault)
    {
        try
        {
            var bytes = new byte[entry.Length];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            // The runtime gives no byte more than the archive says, and compares no checksum (APPNOTE 4.4.7): what was cut that way looks whole but for it.
            fault = Crc32.HashToUInt32(bytes) == entry.Crc32 ? null : $"{entry.FullName} unpacks to something else than the archive says: it is damaged";
            return fault is null ? bytes : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            fault = $"{entry.FullName} cannot be unpacked: damaged, or protected by a password";
            return null;
        }
    }

    private static void Add(Dictionary<string, ZipArchiveEntry?> index, string name, ZipArchiveEntry entry)
    {
        if (!index.TryAdd(name, entry))
            index[name] = null;
    }

    private void Index(ZipArchiveEntry entry)
    {
        // Folders, links and devices are no photos; archives from other systems than Unix say nothing there.
        var type = (entry.ExternalAttributes >> UnixTypeShift) & UnixTypeMask;
        if (entry.FullName.EndsWith('/') || type is not (0 or UnixRegular) || !PhotoName.TryRead(entry.FullName, out var name, out _))
            return;
        Add(_byName, name, entry);
        Add(_byFileName, name[(name.LastIndexOf('/') + 1)..], entry);
    }
}
