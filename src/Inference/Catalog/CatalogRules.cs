using System.Text.RegularExpressions;
using MediaScore.Inference.Graphs;

namespace MediaScore.Inference.Catalog;

/// <summary>What the types of <see cref="CatalogFile"/> cannot say: references, names that become paths, hashes, batch limits.</summary>
internal static partial class CatalogRules
{
    public const int Format = 1;

    /// <returns>Every fault, each with its place; empty where the catalog is sound.</returns>
    public static IReadOnlyList<string> Check(CatalogFile file)
    {
        var faults = new List<string>();
        if (file.Format != Format)
            faults.Add($"format is {file.Format}, this program reads {Format}");
        faults.AddRange(Duplicates(file.Packages.Select(package => package.Reference), "packages"));
        faults.AddRange(Duplicates(file.Models.Select(model => model.Id), "models"));
        foreach (var package in file.Packages)
            Check(package, faults);
        foreach (var model in file.Models)
            Check(model, file, faults);
        return faults;
    }

    private static void Check(PackageDescription package, List<string> faults)
    {
        var place = $"packages[{package.Reference}]";
        if (!PackageName().IsMatch(package.Name))
            faults.Add($"{place}.name '{package.Name}' is not a package name");
        if (!ExactVersion().IsMatch(package.Version))
            faults.Add($"{place}.version '{package.Version}' is not an exact version");
        if (!Integrity().IsMatch(package.Integrity))
            faults.Add($"{place}.integrity is not 'sha512-' and the base64 of 64 bytes");
        if (package.Bytes <= 0)
            faults.Add($"{place}.bytes is {package.Bytes}, must be above 0");
        faults.AddRange(Duplicates(package.Files.Select(packaged => packaged.Path), $"{place}.files"));
        foreach (var packaged in package.Files)
        {
            if (!Sha256().IsMatch(packaged.Sha256))
                faults.Add($"{place}.files[{packaged.Path}].sha256 is not 64 lower-case hexadecimal digits");
            if (packaged.Bytes <= 0)
                faults.Add($"{place}.files[{packaged.Path}].bytes is {packaged.Bytes}, must be above 0");
            if (packaged.Assembly is not null && package.Registry != PackageRegistry.NuGet)
                faults.Add($"{place}.files[{packaged.Path}].assembly is only for NuGet packages");
        }
    }

    private static void Check(ModelDescription model, CatalogFile file, List<string> faults)
    {
        var place = $"models[{model.Id}]";
        if (!ModelId().IsMatch(model.Id))
            faults.Add($"{place}.id '{model.Id}' is not lower-case words joined by hyphens");
        if (GraphRewriters.TryFind(model.Rewrite) is null)
            faults.Add($"{place}.rewrite '{model.Rewrite}' is none of {string.Join(", ", GraphRewriters.All.Select(rewriter => rewriter.Name))}");
        if (model.Sources.Count == 0)
            faults.Add($"{place}.sources is empty");
        foreach (var (role, source) in model.Sources)
        {
            var package = file.Packages.FirstOrDefault(candidate => candidate.Reference == source.Package);
            if (package is null)
                faults.Add($"{place}.sources[{role}] names package '{source.Package}', which is not in packages");
            else if (package.Files.All(packaged => packaged.Path != source.File))
                faults.Add($"{place}.sources[{role}] names file '{source.File}', which {source.Package} does not list");
        }

        if (model.Files.Count == 0)
            faults.Add($"{place}.files is empty");
        foreach (var name in model.Files.Where(name => !FileName().IsMatch(name)))
            faults.Add($"{place}.files: '{name}' is not a plain file name");
        if (model.MinBatch < 1 || model.MaxBatch < model.MinBatch)
            faults.Add($"{place}: minBatch {model.MinBatch} and maxBatch {model.MaxBatch} must be 1 <= minBatch <= maxBatch");
        if (model.MaxWaitMs < 0)
            faults.Add($"{place}.maxWaitMs is {model.MaxWaitMs}, must be 0 or above");
        foreach (var name in model.Graphs.Keys.Concat(model.Golden.Select(golden => golden.File)).Where(name => !model.Files.Contains(name)))
            faults.Add($"{place}: '{name}' is described but is none of its files");
        if (model.Opset is null && model.Files.Any(GraphFile.Is))
            faults.Add($"{place}.opset is missing: a graph needs it");
    }

    private static IEnumerable<string> Duplicates(IEnumerable<string> keys, string place) =>
        keys.GroupBy(key => key).Where(group => group.Count() > 1).Select(group => $"{place} has '{group.Key}' {group.Count()} times");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z")]
    private static partial Regex ModelId();

    [GeneratedRegex("^(@[a-z0-9][a-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*\\z")]
    private static partial Regex PackageName();

    [GeneratedRegex("^[0-9]+(\\.[0-9]+){2,3}(-[0-9A-Za-z.-]+)?\\z")]
    private static partial Regex ExactVersion();

    [GeneratedRegex("^sha512-[A-Za-z0-9+/]{86}==\\z")]
    private static partial Regex Integrity();

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Sha256();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*\\z")]
    private static partial Regex FileName();
}
