using MediaScore.Inference.Catalog;
using MediaScore.Perception.Vision;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Benchmarks.Faces;

/// <summary>The embedder's weights in a bare session of ONNX Runtime, with pre- and post-processing written again from the model's card. Only where the face lies is taken over.</summary>
internal sealed class OutsideEmbedder : IDisposable
{
    private static readonly string[] Inputs = ["input"];
    private static readonly string[] Outputs = ["output"];

    private readonly InferenceSession _session;
    private readonly PixelEncoding _encoding;
    private readonly int _side;

    public OutsideEmbedder(PreparedModel model, string? graph)
    {
        var (mean, scale) = (model.Description.Number("mean"), model.Description.Number("scale"));
        _encoding = PixelEncoding.Uniform(planar: true, 1 / scale, -mean / scale);
        _side = (int)model.Description.Number("inputSize");
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(graph ?? model.GraphPath, options);
    }

    /// <returns>Of unit length.</returns>
    public float[] Embed(RgbPicture picture, FacePoint[] mesh)
    {
        var crop = new float[3 * _side * _side];
        PictureSampler.Sample(picture, FaceEmbedder.AlignmentOf(picture, mesh), _side, _side, _encoding, crop);
        long[] shape = [1, 3, _side, _side];
        using var input = OrtValue.CreateTensorValueFromMemory(crop, shape);
        using var options = new RunOptions();
        using var results = _session.Run(options, Inputs, [input], Outputs);
        var values = results.Select(result => result.GetTensorDataAsSpan<float>().ToArray()).Single();
        var length = Math.Sqrt(values.Sum(value => (double)value * value));
        return length > 0 ? Array.ConvertAll(values, value => (float)(value * (1 / length))) : values;
    }

    public void Dispose() => _session.Dispose();
}
