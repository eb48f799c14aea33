using System.Reflection;

namespace MediaScore.Architecture.Tests;

internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyDictionary<string, string> SourceProjects() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Append(Path.Combine(Root, "protos", "Protocol.csproj"))
            .ToDictionary(p => Path.GetFileNameWithoutExtension(p)!, StringComparer.Ordinal);

    public static Assembly LoadAssembly(string project) =>
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, project == "MediaServer" ? "mediascore.dll" : $"MediaScore.{project}.dll"));

    /// <summary>Files of the repository itself: nothing built, nothing fetched.</summary>
    public static IEnumerable<string> Files(params string[] endings) =>
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Where(f => endings.Length == 0 || endings.Any(e => f.EndsWith(e, StringComparison.Ordinal)))
            .Where(f => !Ignored(Path.GetRelativePath(Root, f)))
            .Order(StringComparer.Ordinal);

    public static IEnumerable<string> SourceFiles() =>
        Files(".cs").Where(f => Path.GetRelativePath(Root, f).Split('/')[0] is "src" && !f.Contains("/Migrations/", StringComparison.Ordinal));

    private static bool Ignored(string relative) =>
        relative.Split('/') is var parts && (parts[0] is ".git" or "data" or "artifacts" || parts.Any(p => p is "bin" or "obj" or "node_modules" or "prepared" or "packages" or "TestResults" or "BenchmarkDotNet.Artifacts" or ".vs" or ".idea"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MediaScore.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No MediaScore.sln above the test binaries.");
    }
}
