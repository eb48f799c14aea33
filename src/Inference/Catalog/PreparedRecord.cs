using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.Inference.Graphs;

namespace MediaScore.Inference.Catalog;

/// <summary>What a prepared folder was made from and holds: <c>prepared.json</c> in each model's folder. Same sources, same bytes.</summary>
internal sealed record PreparedRecord
{
    public const string FileName = "prepared.json";

    public required string Model { get; init; }

    public required string Version { get; init; }

    public required string Rewriter { get; init; }

    public required int Revision { get; init; }

    public required IReadOnlyList<PreparedSource> Sources { get; init; }

    public required IReadOnlyList<PreparedFile> Files { get; init; }

    /// <summary>The record that the catalog asks for now, without files.</summary>
    public static PreparedRecord Expected(ModelCatalog catalog, ModelDescription model)
    {
        var rewriter = RewriterOf(model);
        return new PreparedRecord
        {
            Model = model.Id,
            Version = VersionOf(catalog, model, rewriter),
            Rewriter = rewriter.Name,
            Revision = rewriter.Revision,
            Sources = [.. model.Sources.Select(source => new PreparedSource(source.Key, source.Value.Package, source.Value.File, catalog.FileOf(source.Value).Sha256))],
            Files = [],
        };
    }

    public static IGraphRewriter RewriterOf(ModelDescription model) => GraphRewriters.TryFind(model.Rewrite)
        ?? throw new InvalidOperationException($"Model {model.Id} names rewriter '{model.Rewrite}', which the catalog's rules should have refused.");

    /// <summary>True where these files were made by the same recipe.</summary>
    public bool SameRecipe(PreparedRecord other) =>
        Model == other.Model && Version == other.Version && Rewriter == other.Rewriter && Revision == other.Revision && Sources.SequenceEqual(other.Sources);

    /// <returns>Null where there is none or where it cannot be read (both are mended by preparing again).</returns>
    public static PreparedRecord? TryRead(string modelFolder)
    {
        var path = Path.Combine(modelFolder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), PreparedJson.Default.PreparedRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(string modelFolder) =>
        File.WriteAllBytes(Path.Combine(modelFolder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, PreparedJson.Readable.PreparedRecord));

    private static string VersionOf(ModelCatalog catalog, ModelDescription model, IGraphRewriter rewriter)
    {
        var first = model.Sources.Values.First();
        var version = $"{catalog.Package(first.Package).Version}+{catalog.FileOf(first).Sha256[..8]}";
        return rewriter.Revision == 0 ? version : $"{version}.r{rewriter.Revision}";
    }
}

/// <param name="Role">Name of the source in the catalog.</param>
internal sealed record PreparedSource(string Role, string Package, string File, string Sha256);

/// <param name="Opset">Of a graph; null for other files.</param>
internal sealed record PreparedFile(string Name, long Bytes, string Sha256, int? Opset = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PreparedRecord))]
internal sealed partial class PreparedJson : JsonSerializerContext
{
    /// <summary>Writes the plus sign of a version as itself: people read this file.</summary>
    public static PreparedJson Readable => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
