using Google.Protobuf;
using MediaScore.Inference.Catalog;
using MediaScore.Inference.Graphs;
using MediaScore.Inference.Graphs.Moonshine;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace MediaScore.Inference.Tests.Graphs.Moonshine;

public sealed class EncoderStemTests
{
    // The last window ends with the last sample, one before it, one after it; and lengths between.
    [Theory]
    [InlineData(1600)]
    [InlineData(2048 + 126)]
    [InlineData(2048 + 127)]
    [InlineData(2048 + 128)]
    [InlineData(4000)]
    [InlineData(5000)]
    public void The_frames_are_those_of_the_three_convolutions(int sampleCount)
    {
        var package = new SmallEncoder();
        var numbers = new SeededNumbers((ulong)sampleCount);
        var samples = Enumerable.Range(0, sampleCount).Select(_ => (float)(numbers.NextUnit() - 0.5) * 0.2f).ToArray();

        var frames = Run(package.Package, samples);

        var expected = package.Frames(samples);
        frames.Length.ShouldBe(expected.Length);
        var error = Math.Sqrt(frames.Zip(expected, (frame, value) => (frame - value) * (frame - value)).Sum() / expected.Sum(value => value * value));
        // Far below the half percent that eight bits would leave.
        error.ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void An_offset_that_is_no_zero_point_is_refused()
    {
        var package = new SmallEncoder().Package;
        var offset = package.Graph.Initializer.Single(tensor => tensor.Name == "conv2.weight_zero_point");
        offset.RawData = ByteString.CopyFrom(BitConverter.GetBytes(0.01f));

        Should.Throw<InvalidDataException>(() => new MoonshineEncoderWeights(package).Convolution(2)).Message.ShouldContain("conv2");
    }

    private static float[] Run(ModelProto package, float[] samples)
    {
        var graph = new GraphComposer("stem");
        graph.Input("input_values", TensorProto.Types.DataType.Float, 1, "samples");
        graph.Output(new EncoderStem(graph, new MoonshineEncoderWeights(package)).Add("input_values"), TensorProto.Types.DataType.Float, 1, "T", SmallEncoder.Width);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        ByteProductPrecision.Keep(options);
        using var session = new InferenceSession(graph.ToModel().ToByteArray(), options);
        using var runOptions = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(samples, [1, samples.Length]);
        using var output = session.Run(runOptions, ["input_values"], [input], [session.OutputNames[0]]);
        return output[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
