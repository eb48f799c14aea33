using Google.Protobuf;
using Onnx;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// Makes the three graphs that the continuous batch runs from the two that the package holds; the same for tiny and base. What was measured, and why it is
/// done so: <c>docs/decisions/0002-recogniser-graphs.md</c>.
/// </summary>
internal sealed class MoonshineGraphRewriter
{
    public const string EncoderFile = "encoder.onnx";
    public const string DecoderFirstFile = "decoder_first.onnx";
    public const string DecoderStepFile = "decoder_step.onnx";

    /// <param name="encoderPath">The package's <c>encoder_model.onnx</c>; taken over as it is.</param>
    /// <param name="mergedDecoderPath">The package's <c>decoder_model_merged.onnx</c>.</param>
    /// <exception cref="InvalidDataException">The decoder is not a dynamically quantised Moonshine export.</exception>
    public static void Rewrite(string encoderPath, string mergedDecoderPath, string outputFolder)
    {
        var weights = MoonshineDecoderWeights.Read(mergedDecoderPath);
        Directory.CreateDirectory(outputFolder);
        File.Copy(encoderPath, Path.Combine(outputFolder, EncoderFile), overwrite: true);
        Write(DecoderFirstGraph.Compose(weights), Path.Combine(outputFolder, DecoderFirstFile));
        Write(DecoderStepGraph.Compose(weights), Path.Combine(outputFolder, DecoderStepFile));
    }

    private static void Write(ModelProto model, string path)
    {
        using var stream = File.Create(path);
        model.WriteTo(stream);
    }
}
