using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MediaScore.DeviceStreams.Gallery.Importing;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>A site, and a folder with photos of nine people and whatever tables and archives a test makes.</summary>
internal sealed class ImportFolder : IAsyncDisposable
{
    private ImportFolder(Site site) => (Site, Root) = (site, Directory.CreateDirectory(Path.Combine(site.Folder, "import")).FullName);

    public Site Site { get; }

    public string Root { get; }

    /// <summary>With photos <c>1.jpg</c> to <c>9.jpg</c>, of the shades and faces of these numbers.</summary>
    public static async Task<ImportFolder> OpenAsync()
    {
        var folder = new ImportFolder(await Site.OpenAsync());
        for (var shade = 1; shade <= 9; shade++)
        {
            folder.Site.Faces.Show(shade, Directions.Any(shade));
            await folder.WriteAsync($"{shade}.jpg", ScriptedFaces.File(shade));
        }

        return folder;
    }

    public async Task<string> WriteAsync(string name, byte[] content)
    {
        var path = Path.Combine(Root, name);
        await File.WriteAllBytesAsync(path, content);
        return path;
    }

    public string Table(string text)
    {
        var path = Path.Combine(Root, "people.csv");
        File.WriteAllText(path, text);
        return path;
    }

    public string Archive(params (string Name, byte[] Content)[] entries)
    {
        var path = Path.Combine(Root, $"{Guid.NewGuid():N}.zip");
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
            Write(archive, name, content);
        return path;
    }

    public static void Write(ZipArchive archive, string name, byte[] content)
    {
        using var stream = archive.CreateEntry(name).Open();
        stream.Write(content);
    }

    /// <summary>Overwrites a field of every entry in the archive's list (APPNOTE 4.3.12), and of its local header where that has it too.</summary>
    private static void Patch(string path, Action<byte[], int> patchListed, Action<byte[], int>? patchLocal = null)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + 4 <= bytes.Length; at++)
        {
            var signature = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
            if (signature == 0x02014B50)
                patchListed(bytes, at);
            else if (signature == 0x04034B50)
                patchLocal?.Invoke(bytes, at);
        }

        File.WriteAllBytes(path, bytes);
    }

    public static void SetUncompressedSizes(string path, uint size) => Patch(
        path,
        (bytes, at) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 24), size),
        (bytes, at) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 22), size));

    public static void ClearUtf8Flags(string path) => Patch(path, (bytes, at) => bytes[at + 9] &= 0xF7, (bytes, at) => bytes[at + 7] &= 0xF7);

    public static void MakeUnixLinks(string path, string name) => Patch(path, (bytes, at) =>
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 28));
        if (Encoding.ASCII.GetString(bytes, at + 46, length) == name)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 38), 0xA1FF0000);
    });

    public async Task<List<ImportLine>> ImportAsync(string table, string? photos = null, PeopleImportOptions? options = null)
    {
        using var source = ImportSource.Open(table, photos, options ?? new PeopleImportOptions());
        var lines = new List<ImportLine>();
        await foreach (var line in new PeopleImport(Site.Directory, Site.Store, Site.Enrolment).RunAsync(Site.Tenant, source))
            lines.Add(line);
        return lines;
    }

    public static string Refusal(string table, PeopleImportOptions? options = null, string? photos = null) =>
        Should.Throw<PeopleImportException>(() => ImportSource.Open(table, photos, options ?? new PeopleImportOptions())).Message;

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
