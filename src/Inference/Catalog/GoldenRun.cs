using System.Text.Json.Serialization;

namespace MediaScore.Inference.Catalog;

/// <summary>A known answer of one prepared graph: inputs made by a recipe, outputs as numbers with a tolerance.</summary>
public sealed record GoldenRun
{
    /// <summary>Prepared file that is run.</summary>
    public required string File { get; init; }

    /// <summary>Where the numbers come from: what was run, with which runtime, on which processor, when.</summary>
    public required string Origin { get; init; }

    /// <summary>By input name; <c>self.*</c> stands for every input whose name begins so and is not named itself.</summary>
    public required IReadOnlyDictionary<string, GoldenInput> Inputs { get; init; }

    /// <summary>By output name; outputs that are not named are not compared.</summary>
    public required IReadOnlyDictionary<string, GoldenOutput> Outputs { get; init; }
}

/// <summary>How an input tensor is filled; its element type is the graph's.</summary>
/// <param name="Shape">Row-major.</param>
/// <param name="Fill">Rule for the elements.</param>
/// <param name="Seed">Seed of <see cref="GoldenFill.Uniform"/> and <see cref="GoldenFill.UniformInteger"/> (SplitMix64, <see cref="SeededNumbers"/>).</param>
/// <param name="Low">Smallest value, or the constant.</param>
/// <param name="High">Upper bound, not reached.</param>
public sealed record GoldenInput(IReadOnlyList<int> Shape, GoldenFill Fill, ulong Seed = 0, double Low = 0, double High = 1);

[JsonConverter(typeof(JsonStringEnumConverter<GoldenFill>))]
public enum GoldenFill
{
    [JsonStringEnumMemberName("constant")]
    Constant,

    [JsonStringEnumMemberName("uniform")]
    Uniform,

    [JsonStringEnumMemberName("uniform-integer")]
    UniformInteger,
}

/// <summary>What an output tensor must hold.</summary>
/// <param name="Shape">Exact shape.</param>
/// <param name="Mean">Mean over all elements.</param>
/// <param name="RootMeanSquare">Root of the mean square over all elements: also the scale that <paramref name="Tolerance"/> is relative to.</param>
/// <param name="Samples">Elements at equal distances, the first and the last among them.</param>
/// <param name="Tolerance">Largest accepted difference of any of these numbers, as a share of <paramref name="RootMeanSquare"/>: processors round differently.</param>
public sealed record GoldenOutput(IReadOnlyList<int> Shape, double Mean, double RootMeanSquare, IReadOnlyList<double> Samples, double Tolerance);
