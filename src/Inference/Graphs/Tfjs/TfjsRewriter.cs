using Google.Protobuf;

namespace MediaScore.Inference.Graphs.Tfjs;

/// <summary>Sources <c>topology</c> (the graph as JSON) and <c>weights</c>; writes <c>model.onnx</c>.</summary>
internal sealed class TfjsRewriter : IGraphRewriter
{
    public string Name => "tfjs";

    public int Revision => 1;

    public void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder)
    {
        var graph = TfjsGraph.Parse(File.ReadAllBytes(sources["topology"]), File.ReadAllBytes(sources["weights"]));
        using var output = File.Create(Path.Combine(outputFolder, "model.onnx"));
        TfjsConverter.Convert(graph).WriteTo(output);
    }
}
