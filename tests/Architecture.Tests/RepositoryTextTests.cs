using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MediaScore.Architecture.Tests;

/// <summary>What the repository's texts promise: links lead somewhere, nothing names one machine, every setting of the build has its use or its reason.</summary>
public sealed partial class RepositoryTextTests
{
    [Fact]
    public void Every_link_of_every_page_leads_somewhere()
    {
        var pages = Repository.Files(".md").ToList();

        var dead = from page in pages
                   from Match link in Link().Matches(File.ReadAllText(page))
                   let target = link.Groups["target"].Value.Split('#')[0]
                   where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                   where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
                   select $"{Relative(page)} -> {target}";

        pages.ShouldContain(Path.Combine(Repository.Root, "README.md"));
        dead.ShouldBeEmpty();
    }

    [Fact]
    public void Every_page_that_a_text_names_by_its_path_is_there()
    {
        var missing = from file in Texts()
                      from Match page in PagePath().Matches(File.ReadAllText(file))
                      where !File.Exists(Path.Combine(Repository.Root, page.Value)) && !File.Exists(Path.Combine(Path.GetDirectoryName(file)!, page.Value))
                      select $"{Relative(file)} -> {page.Value}";

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void No_text_names_a_package_host_a_credential_or_a_folder_of_one_machine() =>
        (from file in Texts()
         from Match name in ForeignName().Matches(File.ReadAllText(file))
         select $"{Relative(file)}: {name.Value}").ShouldBeEmpty();

    [Fact]
    public void Every_package_version_is_used_by_a_project()
    {
        var used = Repository.Files(".csproj", ".props")
            .SelectMany(f => XDocument.Load(f).Descendants())
            .Where(e => e.Name.LocalName is "PackageReference" or "PackageDownload")
            .Select(e => e.Attribute("Include")?.Value)
            .ToHashSet(StringComparer.Ordinal);

        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(e => e.Attribute("Include")!.Value).ToList();

        versions.ShouldContain("Microsoft.ML.OnnxRuntime");
        versions.Where(v => !used.Contains(v)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_rule_that_is_turned_off_has_its_reason_above_it()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, ".editorconfig"));

        var bare = new List<string>();
        var hasReason = false;
        foreach (var line in lines)
        {
            if (!line.StartsWith("dotnet_diagnostic.", StringComparison.Ordinal))
                hasReason = line.StartsWith('#');
            else if (!hasReason && line.EndsWith("none", StringComparison.Ordinal))
                bare.Add(line);
        }

        bare.ShouldBeEmpty();
    }

    private static IEnumerable<string> Texts() =>
        Repository.Files(".md", ".cs", ".proto", ".yaml", ".json", ".sh", ".props", ".csproj", ".txt", ".css", "Makefile", "mediascore", ".editorconfig", "/.ci/run");

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.-])(docs|models/cards|bench)/[\w/.-]+\.md\b")]
    private static partial Regex PagePath();

    // Written so that the patterns do not match themselves.
    [GeneratedRegex(@"\bregistry\.[a-z0-9-]+\.[a-z]|npmjs\.(org|com)|nuget\.org|python[h]osted|arti[f]actory|_auth[T]oken|(?<![\w.])/(wor[k]|hom[e]|User[s])/\w{2}", RegexOptions.ExplicitCapture)]
    private static partial Regex ForeignName();
}
