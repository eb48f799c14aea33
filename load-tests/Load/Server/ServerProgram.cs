using MediaScore.TestMedia;

namespace MediaScore.Load.Server;

/// <summary>Where the server of this very build is.</summary>
internal static class ServerProgram
{
    private const string FileName = "mediascore.dll";

    /// <summary>The host's own output, which has its runtime configuration and nothing of the driver's; the copy beside this program where there is no other.</summary>
    /// <exception cref="ServerStartException">It was not built.</exception>
    public static string Find()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        // bin/Release/net10.0 of this project, or of a test project that has it beside it.
        var own = Path.Combine(SharedTestData.RepositoryRoot, "src", "MediaServer", "bin", output.Parent?.Name ?? "Release", output.Name, FileName);
        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        return File.Exists(own) ? own
            : File.Exists(beside) ? beside
            : throw new ServerStartException($"The server is not built: neither {own} nor {beside} is there. Run: make build");
    }
}
