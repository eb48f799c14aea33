using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaScore.Inference.Catalog;

/// <summary>The models that MediaScore knows, and the packages that carry their weights: <c>models/catalog.json</c>, immutable once loaded.</summary>
public sealed class ModelCatalog
{
    private readonly Dictionary<string, ModelDescription> _models;
    private readonly Dictionary<string, PackageDescription> _packages;

    private ModelCatalog(string path, CatalogFile file)
    {
        Path = path;
        Models = file.Models;
        Packages = file.Packages;
        _models = file.Models.ToDictionary(model => model.Id);
        _packages = file.Packages.ToDictionary(package => package.Reference);
    }

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<ModelDescription> Models { get; }

    public IReadOnlyList<PackageDescription> Packages { get; }

    /// <exception cref="InvalidDataException">The file is not a catalog; the message lists every fault with its place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelCatalog Load(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return Parse(File.ReadAllBytes(full), full);
    }

    /// <param name="utf8Json">The catalog's bytes.</param>
    /// <param name="path">Where they come from, for messages.</param>
    internal static ModelCatalog Parse(ReadOnlySpan<byte> utf8Json, string path)
    {
        CatalogFile? file;
        try
        {
            file = JsonSerializer.Deserialize(utf8Json, CatalogJson.Default.CatalogFile);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is not a model catalog: {exception.Message}", exception);
        }

        if (file is null)
            throw new InvalidDataException($"{path} is not a model catalog: it is empty.");
        var faults = CatalogRules.Check(file);
        if (faults.Count > 0)
            throw new InvalidDataException($"{path} has {faults.Count} fault(s):\n  {string.Join("\n  ", faults)}");
        return new ModelCatalog(path, file);
    }

    public bool TryGet(string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ModelDescription? model) => _models.TryGetValue(id, out model);

    /// <exception cref="ModelUnavailableException">No model of that id.</exception>
    public ModelDescription Get(string id) => TryGet(id, out var model)
        ? model
        : throw new ModelUnavailableException(id, ModelProblem.Unknown, $"{Path} describes no model of this id", $"Known ids: {string.Join(", ", Models.Select(known => known.Id))}");

    /// <summary>Models for a task in a language, standard tier first, in the file's order within a tier.</summary>
    public IEnumerable<ModelDescription> Find(string task, string language) => Models
        .Where(model => model.Task == task && (model.Language == language || model.Language == "any"))
        .OrderBy(model => model.Tier == "standard" ? 0 : 1);

    internal PackageDescription Package(string reference) => _packages[reference];

    /// <summary>The pinned file behind one source of a model.</summary>
    internal PackageFile FileOf(SourceFile source) => Package(source.Package).Files.First(file => file.Path == source.File);
}

/// <summary>The file as it is written.</summary>
internal sealed record CatalogFile
{
    /// <summary>Version of the format (docs/formats/catalog).</summary>
    public required int Format { get; init; }

    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public required IReadOnlyList<PackageDescription> Packages { get; init; }

    public required IReadOnlyList<ModelDescription> Models { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(CatalogFile))]
internal sealed partial class CatalogJson : JsonSerializerContext;
