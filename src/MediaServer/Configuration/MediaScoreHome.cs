namespace MediaScore.MediaServer.Configuration;

/// <summary>
/// The folder that relative paths count from: <c>MEDIASCORE_HOME</c> (which the launcher sets to the checkout, so that it can be called from anywhere),
/// else the working directory.
/// </summary>
internal static class MediaScoreHome
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("MEDIASCORE_HOME") is { Length: > 0 } home ? Path.GetFullPath(home) : Directory.GetCurrentDirectory();

    public static string Resolve(string path) => Path.GetFullPath(path, Folder);
}
