using MediaScore.Load.Results;

namespace MediaScore.Load.Sweeps;

/// <summary><c>--table DIR...</c>: rows that were measured before, as Markdown.</summary>
internal static class TableCommand
{
    /// <param name="folders">Folders of rows, or of sweeps with rows in folders of their own.</param>
    /// <exception cref="InvalidDataException">A folder holds no row.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> folders, CancellationToken cancellation)
    {
        var rows = new List<LoadRow>();
        foreach (var folder in folders.SelectMany(RowsIn))
            rows.Add(await LoadJson.ReadAsync(folder, cancellation));
        return MarkdownTable.Write(rows);
    }

    private static IReadOnlyList<string> RowsIn(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"There is no folder {folder}.");
        if (File.Exists(Path.Combine(folder, LoadJson.FileName)))
            return [folder];
        List<string> inside = [.. Directory.EnumerateDirectories(folder).Where(d => File.Exists(Path.Combine(d, LoadJson.FileName))).Order(StringComparer.Ordinal)];
        return inside.Count > 0 ? inside : throw new InvalidDataException($"There is no {LoadJson.FileName} in {folder}, nor in a folder in it: name what a run has written (--output).");
    }
}
