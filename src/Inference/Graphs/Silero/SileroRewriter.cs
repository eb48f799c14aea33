using Google.Protobuf;

namespace MediaScore.Inference.Graphs.Silero;

/// <summary>Composes Silero VAD's 16 kHz branch anew out of the packaged weights (<see cref="SileroGraph"/>). What it gains: <c>bench/README.md</c>.</summary>
internal sealed class SileroRewriter : IGraphRewriter
{
    private const string GraphFile = "model.onnx";

    public string Name => "silero";

    public int Revision => 1;

    public void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder)
    {
        var weights = SileroWeights.Read(sources[GraphFile]);
        using var output = File.Create(Path.Combine(outputFolder, GraphFile));
        SileroGraph.Compose(weights).WriteTo(output);
    }
}
