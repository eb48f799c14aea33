using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MediaScore.Inference.Catalog;

/// <summary>Compares the edges of a loaded graph with the catalog.</summary>
internal static class SignatureCheck
{
    /// <returns>Every difference; empty where the graph fits. Edges that the catalog does not list are not looked at.</returns>
    public static IReadOnlyList<string> Compare(GraphSignature expected, InferenceSession session)
    {
        var differences = new List<string>();
        Compare("input", expected.Inputs, session.InputMetadata, differences);
        Compare("output", expected.Outputs, session.OutputMetadata, differences);
        return differences;
    }

    /// <summary>The graph's own edges, in its order.</summary>
    public static GraphSignature Describe(InferenceSession session) => new(
        [.. session.InputNames.Select(name => Describe(name, session.InputMetadata[name]))],
        [.. session.OutputNames.Select(name => Describe(name, session.OutputMetadata[name]))]);

    private static void Compare(string kind, IReadOnlyList<TensorDescription> expected, IReadOnlyDictionary<string, NodeMetadata> actual, List<string> differences)
    {
        foreach (var tensor in expected)
        {
            if (!actual.TryGetValue(tensor.Name, out var metadata))
                differences.Add($"there is no {kind} '{tensor.Name}', only {string.Join(", ", actual.Keys)}");
            else if (Describe(tensor.Name, metadata) is var found && (found.Type != tensor.Type || !Fits(tensor.Shape, found.Shape)))
                differences.Add($"{kind} '{tensor.Name}' is {Text(found)}, not {Text(tensor)}");
        }
    }

    /// <summary>Where one side leaves an extent open, the other may name it.</summary>
    private static bool Fits(IReadOnlyList<int> expected, IReadOnlyList<int> actual) =>
        expected.Count == actual.Count && expected.Zip(actual).All(pair => pair.First == pair.Second || pair.First < 0 || pair.Second < 0);

    private static TensorDescription Describe(string name, NodeMetadata metadata) => new(
        name,
        metadata.ElementDataType switch
        {
            TensorElementType.Float => TensorElement.Float32,
            TensorElementType.Int32 => TensorElement.Int32,
            TensorElementType.Int64 => TensorElement.Int64,
            TensorElementType.Bool => TensorElement.Bool,
            _ => TensorElement.Other,
        },
        metadata.Dimensions);

    private static string Text(TensorDescription tensor) => $"{tensor.Type} [{string.Join(", ", tensor.Shape)}]";
}
