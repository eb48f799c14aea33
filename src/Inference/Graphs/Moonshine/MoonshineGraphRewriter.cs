using Google.Protobuf;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// Makes the files that the recogniser runs from the two that the package holds; the same for tiny and base. What was measured, and why it is
/// done so: <c>docs/decisions/0010-encoder-graph.md</c>, and <c>0008-decoder-kernels.md</c> for the decoder.
/// </summary>
internal sealed class MoonshineGraphRewriter : IGraphRewriter
{
    public const string EncoderFile = "encoder.onnx";
    public const string DecoderFile = "decoder_merged.onnx";

    private const string EncoderSource = "encoder.onnx";
    private const string MergedDecoderSource = "decoder_merged.onnx";

    public string Name => "moonshine";

    public int Revision => 6;

    /// <summary>Composes the encoder anew and takes the decoder over as it is: its weights are read from its file, its graph is not run.</summary>
    public void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder)
    {
        using (var stream = File.Create(Path.Combine(outputFolder, EncoderFile)))
            EncoderGraph.Compose(MoonshineEncoderWeights.Read(sources[EncoderSource])).WriteTo(stream);
        File.Copy(sources[MergedDecoderSource], Path.Combine(outputFolder, DecoderFile));
    }
}
