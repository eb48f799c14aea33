using System.Text.RegularExpressions;

namespace MediaScore.Architecture.Tests;

/// <summary>Rules of the house that a compiler does not keep.</summary>
public sealed partial class HouseRuleTests
{
    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "MediaScore.sln"));
        // What is not in it is built by no command of the Makefile, and its tests run nowhere.
        Repository.Files(".csproj").Select(Relative).Where(file => !solution.Contains($"\"{file.Replace('/', '\\')}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Unsafe_code_is_allowed_in_Codecs_only() =>
        Repository.SourceProjects()
            .Where(p => File.ReadAllText(p.Value).Contains("<AllowUnsafeBlocks>true", StringComparison.OrdinalIgnoreCase))
            .Select(p => p.Key)
            .ShouldBe(["Codecs"]);

    [Fact]
    public void No_source_file_is_longer_than_500_lines() =>
        Repository.SourceFiles().Where(f => File.ReadLines(f).Count() > 500).Select(Relative).ShouldBeEmpty();

    [Fact]
    public void No_folder_or_type_has_a_name_that_says_nothing() =>
        Repository.SourceFiles().Select(Relative).Where(f => EmptyName().IsMatch(f)).ShouldBeEmpty();

    [Fact]
    public void No_type_has_the_name_of_a_namespace_of_ours()
    {
        var types = Repository.SourceProjects().Keys
            .Where(p => p != "Protocol")
            .SelectMany(p => Repository.LoadAssembly(p).GetTypes())
            .Where(t => t.Namespace?.StartsWith("MediaScore", StringComparison.Ordinal) == true)
            .ToList();
        var words = types.SelectMany(t => t.Namespace!.Split('.')).ToHashSet(StringComparer.Ordinal);

        types.Where(t => t.IsPublic && words.Contains(t.Name)).Select(t => t.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void The_assessment_opens_no_file_and_has_no_clock()
    {
        var forbidden = new[] { "System.IO.FileSystem", "System.Net.Http", "System.Net.Sockets", "Microsoft.ML.OnnxRuntime", "Microsoft.EntityFrameworkCore" };

        Repository.LoadAssembly("Assessment").GetReferencedAssemblies().Select(a => a.Name!).Intersect(forbidden).ShouldBeEmpty();
        Repository.SourceFiles()
            .Where(f => Relative(f).StartsWith("src/Assessment/", StringComparison.Ordinal))
            .Where(f => ClockOrFile().IsMatch(File.ReadAllText(f)))
            .Select(Relative)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_unfinished_is_left_in_the_source() =>
        Repository.Files(".cs", ".proto", ".yaml", ".sh", "Makefile")
            .Where(f => !f.EndsWith("HouseRuleTests.cs", StringComparison.Ordinal) && Unfinished().IsMatch(File.ReadAllText(f)))
            .Select(Relative)
            .ShouldBeEmpty();

    [Fact]
    public void No_weights_are_part_of_the_repository() =>
        Repository.Files(".onnx", ".tflite", ".pt", ".safetensors", ".tgz", ".nupkg").Select(Relative).ShouldBeEmpty();

    [Fact]
    public void Every_public_type_of_the_timeline_is_sealed_abstract_or_a_value() =>
        Repository.LoadAssembly("Timeline").GetExportedTypes()
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Select(t => t.FullName)
            .ShouldBeEmpty();

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"/(Common|Utils?|Helpers?|Shared|Misc)/|/Base[A-Z]\w*\.cs$|(Helper|Utils?|Manager)s?\.cs$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(File|Directory|FileStream)\.\w|\bDateTime(Offset)?\.(UtcNow|Now)\b|TimeProvider|\bRandom\b")]
    private static partial Regex ClockOrFile();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException|Thread\.Sleep\(|Skip\s*=\s*""")]
    private static partial Regex Unfinished();
}
