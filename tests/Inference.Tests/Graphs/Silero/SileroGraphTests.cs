using System.Runtime.InteropServices;
using Google.Protobuf;
using MediaScore.Inference.Graphs.Silero;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace MediaScore.Inference.Tests.Graphs.Silero;

/// <summary>The composed graph on weights made up here, held against convolutions and gates written out one multiplication after another.</summary>
public sealed class SileroGraphTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("silero").FullName;

    [Fact]
    public void The_products_of_matrices_are_the_convolutions_and_the_recurrent_cell()
    {
        var weights = MadeUp(new Random(1), leaveOut: null);
        var (input, state) = (Noise(new Random(2), SileroGeometry.Samples), Noise(new Random(3), 2 * SileroGeometry.Hidden));

        var (output, stateNext) = RunComposed(weights, input, state);

        var reference = new SileroReference(SileroWeights.Read(PathOf(weights)));
        var (expected, expectedState) = reference.Step(input, state);
        output.ShouldBe((float)expected, 1e-5f);
        for (var i = 0; i < stateNext.Length; i++)
            stateNext[i].ShouldBe((float)expectedState[i], 1e-5f, $"state {i}");
    }

    [Fact]
    public void Weights_that_are_not_there_are_named() =>
        Should.Throw<InvalidDataException>(() => SileroGraph.Compose(SileroWeights.Read(PathOf(MadeUp(new Random(1), leaveOut: "model.decoder.rnn.weight_hh")))))
            .Message.ShouldContain("model.decoder.rnn.weight_hh");

    [Fact]
    public void The_same_weights_give_the_same_bytes()
    {
        var path = PathOf(MadeUp(new Random(1), leaveOut: null));

        SileroGraph.Compose(SileroWeights.Read(path)).ToByteArray().ShouldBe(SileroGraph.Compose(SileroWeights.Read(path)).ToByteArray());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (float Output, float[] StateNext) RunComposed(ModelProto weights, float[] input, float[] state)
    {
        new SileroRewriter().Rewrite(new Dictionary<string, string> { ["model.onnx"] = PathOf(weights) }, _folder);
        using var session = OnnxSessions.Open(Path.Combine(_folder, "model.onnx"), varyingShapes: false);
        using var options = new RunOptions();
        using var inputs = OrtValue.CreateTensorValueFromMemory(input, [1, SileroGeometry.Samples]);
        using var states = OrtValue.CreateTensorValueFromMemory(state, [2, 1, SileroGeometry.Hidden]);
        using var rate = OrtValue.CreateTensorValueFromMemory(new long[] { 16_000 }, []);
        using var results = session.Run(options, ["input", "state", "sr"], [inputs, states, rate], ["output", "stateN"]);
        return (results[0].GetTensorDataAsSpan<float>()[0], results[1].GetTensorDataAsSpan<float>().ToArray());
    }

    private string PathOf(ModelProto model)
    {
        var path = Path.Combine(_folder, "packaged.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private static ModelProto MadeUp(Random random, string? leaveOut)
    {
        var model = new ModelProto { Graph = new GraphProto { Name = "made-up" } };
        Add("model.stft.forward_basis_buffer", 2 * SileroGeometry.Bins, 1, SileroGeometry.FrameSamples);
        for (var layer = 0; layer < SileroGeometry.Channels.Length - 1; layer++)
        {
            Add($"model.encoder.{layer}.reparam_conv.weight", SileroGeometry.Channels[layer + 1], SileroGeometry.Channels[layer], SileroGeometry.Taps);
            Add($"model.encoder.{layer}.reparam_conv.bias", SileroGeometry.Channels[layer + 1]);
        }

        Add("model.decoder.rnn.weight_ih", 4 * SileroGeometry.Hidden, SileroGeometry.Hidden);
        Add("model.decoder.rnn.weight_hh", 4 * SileroGeometry.Hidden, SileroGeometry.Hidden);
        Add("model.decoder.rnn.bias_ih", 4 * SileroGeometry.Hidden);
        Add("model.decoder.rnn.bias_hh", 4 * SileroGeometry.Hidden);
        Add("model.decoder.decoder.2.weight", 1, SileroGeometry.Hidden, 1);
        Add("model.decoder.decoder.2.bias", 1);
        return model;

        void Add(string name, params long[] shape)
        {
            if (name == leaveOut)
                return;
            var values = Noise(random, (int)shape.Aggregate((product, extent) => product * extent));
            var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)) };
            tensor.Dims.AddRange(shape);
            model.Graph.Initializer.Add(tensor);
        }
    }

    // Small enough that no gate saturates: a saturated one would hide a wrong sum.
    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.15f)];
}
