namespace MediaScore.Inference.Catalog;

/// <summary>Which prepared files are graphs.</summary>
internal static class GraphFile
{
    public static bool Is(string name) => name.EndsWith(".onnx", StringComparison.Ordinal);
}
