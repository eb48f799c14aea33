using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaScore.Inference.Catalog;

/// <summary>One model of <c>models/catalog.json</c>: where its weights come from, what it answers and how the pool may batch it.</summary>
public sealed record ModelDescription
{
    /// <summary>Lower-case words joined by hyphens; also the name of the model's folder below the prepared models.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for: <c>voice-activity</c>, <c>speech-recognition</c>, <c>sentence-embedding</c>, <c>face-detection</c>…</summary>
    public required string Task { get; init; }

    /// <summary>BCP 47 language that it understands, or <c>any</c>.</summary>
    public required string Language { get; init; }

    /// <summary><c>standard</c>, or <c>accurate</c> for a dearer model of the same task.</summary>
    public required string Tier { get; init; }

    /// <summary>SPDX expression of the weights' licence as their package states it; the model's card says how sure that is.</summary>
    public required string License { get; init; }

    /// <summary>Page that tells people what is known about the model, relative to the catalog.</summary>
    public required string Card { get; init; }

    /// <summary>Packaged files by the role that the rewriter knows them by.</summary>
    public required IReadOnlyDictionary<string, SourceFile> Sources { get; init; }

    /// <summary>Name of the <c>IGraphRewriter</c> that makes <see cref="Files"/> out of <see cref="Sources"/>.</summary>
    public required string Rewrite { get; init; }

    /// <summary>Prepared files, in the order in which the rewriter is documented to write them.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Version of the ONNX operator set of every prepared graph; null for a resource without a graph.</summary>
    public int? Opset { get; init; }

    /// <summary>Signatures by prepared file; empty for a resource without a graph.</summary>
    public required IReadOnlyDictionary<string, GraphSignature> Graphs { get; init; }

    /// <summary>Most rows in one run. 1 where the graph's batch is fixed or where a row's answer was measured to depend on its neighbours.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>Fewest rows in one run: 2 where a kernel for a lone row rounds differently, so that a lone row is padded.</summary>
    public required int MinBatch { get; init; }

    /// <summary>Why <see cref="MaxBatch"/> and <see cref="MinBatch"/> are what they are, with the measurement.</summary>
    public string? BatchReason { get; init; }

    /// <summary>Longest time a request may wait for its batch, in milliseconds.</summary>
    public required int MaxWaitMs { get; init; }

    /// <summary>Class of a request that names none.</summary>
    public required RequestClass DefaultClass { get; init; }

    /// <summary>Numbers of pre- and post-processing: thresholds, means, crop factors. Meaning and unit are on the model's card.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Parameters { get; init; }

    /// <summary>Known answers, checked by <see cref="ModelVerifier"/>.</summary>
    public required IReadOnlyList<GoldenRun> Golden { get; init; }

    /// <summary>A number of <see cref="Parameters"/>.</summary>
    /// <exception cref="KeyNotFoundException">The catalog has no such number for this model.</exception>
    public double Number(string parameter) =>
        Parameters.TryGetValue(parameter, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new KeyNotFoundException($"Model {Id} has no number '{parameter}' in the catalog.");
}

/// <summary>A file of a pinned package.</summary>
/// <param name="Package"><c>name@version</c> of a package of the same catalog.</param>
/// <param name="File">Path inside the package, as the package lists it.</param>
public sealed record SourceFile(string Package, string File);

/// <summary>Inputs and outputs of one graph, checked against the loaded graph by <see cref="ModelVerifier"/>.</summary>
public sealed record GraphSignature(IReadOnlyList<TensorDescription> Inputs, IReadOnlyList<TensorDescription> Outputs);

/// <param name="Name">Name in the graph.</param>
/// <param name="Type">Element type in the graph.</param>
/// <param name="Shape">Row-major; -1 where any extent is accepted.</param>
public sealed record TensorDescription(string Name, TensorElement Type, IReadOnlyList<int> Shape);

/// <summary>Element types that prepared graphs use at their edges.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TensorElement>))]
public enum TensorElement
{
    [JsonStringEnumMemberName("float32")]
    Float32,

    [JsonStringEnumMemberName("int32")]
    Int32,

    [JsonStringEnumMemberName("int64")]
    Int64,

    [JsonStringEnumMemberName("bool")]
    Bool,

    /// <summary>None of these: fits no description.</summary>
    [JsonStringEnumMemberName("other")]
    Other,
}
