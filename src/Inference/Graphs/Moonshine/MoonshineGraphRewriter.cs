using Google.Protobuf;
using Onnx;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// Makes the three graphs that the continuous batch runs from the two that the package holds; the same for tiny and base. What was measured, and why it is
/// done so: <c>docs/decisions/0002-recogniser-graphs.md</c>.
/// </summary>
internal sealed class MoonshineGraphRewriter : IGraphRewriter
{
    public const string EncoderFile = "encoder.onnx";
    public const string DecoderFirstFile = "decoder_first.onnx";
    public const string DecoderStepFile = "decoder_step.onnx";

    private const string EncoderSource = "encoder.onnx";
    private const string MergedDecoderSource = "decoder_merged.onnx";

    public string Name => "moonshine";

    public int Revision => 2;

    /// <summary>Takes the package's <c>encoder_model.onnx</c> over as it is and composes two graphs from its <c>decoder_model_merged.onnx</c>.</summary>
    public void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder)
    {
        var weights = MoonshineDecoderWeights.Read(sources[MergedDecoderSource]);
        File.Copy(sources[EncoderSource], Path.Combine(outputFolder, EncoderFile));
        Write(DecoderFirstGraph.Compose(weights), Path.Combine(outputFolder, DecoderFirstFile));
        Write(DecoderStepGraph.Compose(weights), Path.Combine(outputFolder, DecoderStepFile));
    }

    private static void Write(ModelProto model, string path)
    {
        using var stream = File.Create(path);
        model.WriteTo(stream);
    }
}
