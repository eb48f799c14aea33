namespace MediaScore.MediaServer.Cli;

/// <summary>Writes what only this user should read: a report is about a person.</summary>
internal static class PrivateFile
{
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        await using var file = Create(path, FileMode.Create);
        await file.WriteAsync(content, cancellation);
    }

    /// <summary>Copies what comes. Whoever reads <paramref name="path"/> never sees half of it: a file that is there is replaced when all has come, else it stays.</summary>
    /// <returns>Bytes.</returns>
    public static async Task<long> CopyAsync(string path, Stream content, CancellationToken cancellation)
    {
        if (IsNoPlainFile(path))
        {
            await using var target = Create(path, FileMode.Create);
            await content.CopyToAsync(target, cancellation);
            return target.CanSeek ? target.Position : 0;
        }

        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            long length;
            await using (var file = Create(part, FileMode.CreateNew))
            {
                await content.CopyToAsync(file, cancellation);
                length = file.Length;
            }

            File.Move(part, path, overwrite: true);
            return length;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    // What somebody pipes elsewhere, or has put a link for, is written through: the place itself is not ours to replace.
    private static bool IsNoPlainFile(string path) =>
        File.Exists(path) && (File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint) || Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal));

    private static FileStream Create(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
