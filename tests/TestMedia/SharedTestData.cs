namespace MediaScore.TestMedia;

/// <summary>
/// The real media that tests use where they are there: <c>MEDIASCORE_TEST_DATA</c>, or <c>../shared/data</c> beside the checkout. Their licences allow
/// internal testing only, so they are never part of the repository.
/// </summary>
public static class SharedTestData
{
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>The folder, or null where this machine has none.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>Folder of the prepared models: <c>MEDIASCORE_MODELS</c>, or <c>models/prepared</c>.</summary>
    public static string PreparedModels { get; } =
        Environment.GetEnvironmentVariable("MEDIASCORE_MODELS") is { Length: > 0 } folder ? folder : Path.Combine(RepositoryRoot, "models", "prepared");

    /// <summary>Why a test that needs the media is skipped.</summary>
    public const string SkipReason = "Needs the real media: set MEDIASCORE_TEST_DATA to their folder.";

    public static string? TryFind(params string[] path)
    {
        if (Folder is null)
            return null;
        var full = Path.Combine([Folder, .. path]);
        return File.Exists(full) || Directory.Exists(full) ? full : null;
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MediaScore.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No MediaScore.sln above {AppContext.BaseDirectory}.");
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("MEDIASCORE_TEST_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        var beside = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data"));
        return Directory.Exists(beside) ? beside : null;
    }
}
