namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>A table and its photos, opened and checked as far as that goes before the first row.</summary>
public sealed class ImportSource : IDisposable
{
    private readonly IPhotoSource? _photos;

    private ImportSource(string tableName, IReadOnlyList<ImportRow> rows, string encoding, IPhotoSource? photos) =>
        (TableName, Rows, Encoding, _photos) = (tableName, rows, encoding, photos);

    /// <summary>The file's name, without its folder.</summary>
    public string TableName { get; }

    public IReadOnlyList<ImportRow> Rows { get; }

    /// <summary>As which the table was read: a table in any third encoding looks like GBK, and its names come out wrong.</summary>
    public string Encoding { get; }

    /// <param name="photosPath">A folder or a ZIP archive; null: the table's own folder.</param>
    /// <exception cref="PeopleImportException">One of them cannot be used.</exception>
    public static ImportSource Open(string tablePath, string? photosPath, PeopleImportOptions options)
    {
        var table = new FileInfo(tablePath);
        if (!table.Exists)
            throw new PeopleImportException($"There is no table {tablePath}.");
        if (table.Length > (long)options.MaxTableMiB << 20)
            throw new PeopleImportException($"{tablePath} has more than {options.MaxTableMiB} MiB (PeopleImport:MaxTableMiB). Import it in parts.");
        var rows = ImportTable.Read(TableText.Decode(File.ReadAllBytes(tablePath), out var encoding), options);
        return new ImportSource(table.Name, rows, encoding, OpenPhotos(photosPath ?? table.DirectoryName!, options));
    }

    public void Dispose() => _photos?.Dispose();

    internal byte[]? ReadPhoto(string written, out string? fault)
    {
        byte[]? photo = null;
        if (PhotoName.TryRead(written, out var name, out fault))
            _photos!.TryRead(name, out photo, out fault);
        return photo;
    }

    private static IPhotoSource OpenPhotos(string path, PeopleImportOptions options)
    {
        var budget = new PhotoBudget(options);
        if (Directory.Exists(path))
            return new FolderPhotos(Path.GetFullPath(path), budget);
        if (!File.Exists(path))
            throw new PeopleImportException($"There is neither a folder nor an archive {path}.");
        return ArchivePhotos.Open(path, budget, options);
    }
}
