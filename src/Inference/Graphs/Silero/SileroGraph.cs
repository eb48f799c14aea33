using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs.Silero;

/// <summary>
/// Silero VAD as products of matrices: <c>input [N, 576], state [2, N, 128], sr -> output [N, 1], stateN [2, N, 128]</c>, as the export. A window has four frames,
/// so each convolution over time is a product of few rows; ONNX Runtime's convolution runs it row by row of the batch, at a quarter of the speed that its
/// product of the whole batch has.
/// </summary>
internal static class SileroGraph
{
    private const int Bins = SileroGeometry.Bins;
    private const int Hidden = SileroGeometry.Hidden;

    // Two of the four frames after the first convolution come from three frames before it: frames 0, 1 from 0..2, frames 2, 3 from 1..3.
    private const int HalfFrames = 2;
    private const int HalfInputs = 3 * Bins;

    public static ModelProto Compose(SileroWeights weights)
    {
        var graph = new GraphComposer("silero_vad");
        var samples = graph.Input("input", DataType.Float, "rows", SileroGeometry.Samples);

        // Other rates have other weights, which are not here; the input stays so that the packaged file can take this one's place.
        graph.Input("sr", DataType.Int64);
        var state = graph.Input("state", DataType.Float, 2, "rows", Hidden);
        var features = Encode(graph, weights, Magnitudes(graph, weights, samples));
        Recur(graph, weights, features, state);
        graph.Output("output", DataType.Float, "rows", 1);
        graph.Output("stateN", DataType.Float, 2, "rows", Hidden);
        return graph.ToModel();
    }

    /// <returns><c>[N, 4 * Bins]</c>, frame after frame.</returns>
    private static string Magnitudes(GraphComposer graph, SileroWeights weights, string samples)
    {
        // The mirror: 64 samples back from the last but one.
        const int Mirrored = ((SileroGeometry.Frames - 1) * SileroGeometry.FrameStep) + SileroGeometry.FrameSamples - SileroGeometry.Samples;
        const int MirrorFrom = SileroGeometry.Samples - 2;
        var columns = Integers(graph, "columns", [1]);
        graph.Node(
            "Slice",
            "mirror",
            [samples, Integers(graph, "mirror_from", [MirrorFrom]), Integers(graph, "mirror_to", [MirrorFrom - Mirrored]), columns, Integers(graph, "backwards", [-1])]);
        graph.Node("Concat", "padded", [samples, "mirror"], ("axis", 1));

        // Frames overlap by half, so they are the even halves and the odd ones.
        graph.Node("Reshape", "halves", ["padded", Integers(graph, "halves_shape", [-1, SileroGeometry.Frames + 1, SileroGeometry.FrameStep])]);
        graph.Node("Slice", "first_halves", ["halves", Integers(graph, "zero", [0]), Integers(graph, "four", [SileroGeometry.Frames]), columns]);
        graph.Node("Slice", "second_halves", ["halves", columns, Integers(graph, "five", [SileroGeometry.Frames + 1]), columns]);
        graph.Node("Concat", "frames", ["first_halves", "second_halves"], ("axis", 2));
        graph.Node("Reshape", "frame_rows", ["frames", Integers(graph, "frame_shape", [-1, SileroGeometry.FrameSamples])]);

        var basis = Transposed(weights.Basis, 2 * Bins, SileroGeometry.FrameSamples);
        graph.Node("MatMul", "spectrum", ["frame_rows", graph.Constant("basis", basis, SileroGeometry.FrameSamples, 2 * Bins)]);
        graph.Node("Split", ["cosines", "sines"], ["spectrum", Integers(graph, "parts", [Bins, Bins])], ("axis", 1));
        graph.Node("Mul", "cosine_power", ["cosines", "cosines"]);
        graph.Node("Mul", "sine_power", ["sines", "sines"]);
        graph.Node("Add", "power", ["cosine_power", "sine_power"]);
        graph.Node("Sqrt", "magnitude", ["power"]);
        return graph.Node("Reshape", "magnitudes", ["magnitude", Integers(graph, "magnitudes_shape", [-1, SileroGeometry.Frames * Bins])]);
    }

    /// <returns><c>[N, Hidden]</c>.</returns>
    private static string Encode(GraphComposer graph, SileroWeights weights, string magnitudes)
    {
        var columns = Integers(graph, "by_column", [1]);
        graph.Node("Slice", "early", [magnitudes, Integers(graph, "early_from", [0]), Integers(graph, "early_to", [HalfInputs]), columns]);
        graph.Node("Slice", "late", [magnitudes, Integers(graph, "late_from", [Bins]), Integers(graph, "late_to", [Bins + HalfInputs]), columns]);

        // In frames of the slice: the first half begins one frame before it (silence), the second at its first frame.
        Layer(graph, "early_0", "early", Band(weights, 0, inputFrames: 3, HalfFrames, step: 1, firstFrame: -1));
        Layer(graph, "late_0", "late", Band(weights, 0, inputFrames: 3, HalfFrames, step: 1, firstFrame: 0));
        graph.Node("Concat", "after_0", ["early_0", "late_0"], ("axis", 1));
        Layer(graph, "after_1", "after_0", Band(weights, 1, inputFrames: 4, outputFrames: 2, step: 2, firstFrame: -1));
        Layer(graph, "after_2", "after_1", Band(weights, 2, inputFrames: 2, outputFrames: 1, step: 2, firstFrame: -1));
        Layer(graph, "after_3", "after_2", Band(weights, 3, inputFrames: 1, outputFrames: 1, step: 1, firstFrame: -1));
        return "after_3";
    }

    private static void Recur(GraphComposer graph, SileroWeights weights, string features, string state)
    {
        graph.Node("Split", ["hidden", "cell"], [state, Integers(graph, "state_parts", [1, 1])], ("axis", 0));
        graph.Node("Reshape", "hidden_rows", ["hidden", Integers(graph, "hidden_shape", [-1, Hidden])]);
        graph.Node("Concat", "recurrent_input", [features, "hidden_rows"], ("axis", 1));
        var (gates, bias) = Gates(weights);
        graph.Node("Gemm", "gates", ["recurrent_input", graph.Constant("gate_weights", gates, 2 * Hidden, 4 * Hidden), graph.Constant("gate_bias", bias, 4 * Hidden)]);
        graph.Node("Split", ["open", "candidate"], ["gates", Integers(graph, "gate_parts", [3 * Hidden, Hidden])], ("axis", 1));
        graph.Node("Sigmoid", "opened", ["open"]);
        graph.Node("Split", ["in", "forget", "out"], ["opened", Integers(graph, "open_parts", [Hidden, Hidden, Hidden])], ("axis", 1));
        graph.Node("Tanh", "news", ["candidate"]);
        graph.Node("Mul", "kept", ["forget", "cell"]);
        graph.Node("Mul", "added", ["in", "news"]);
        graph.Node("Add", "cell_next", ["kept", "added"]);
        graph.Node("Tanh", "cell_squashed", ["cell_next"]);
        graph.Node("Mul", "hidden_next", ["out", "cell_squashed"]);
        graph.Node("Concat", "stateN", ["hidden_next", "cell_next"], ("axis", 0));
        graph.Node("Relu", "active", ["hidden_next"]);
        graph.Node("MatMul", "weighed", ["active", graph.Constant("output_weights", weights.Output, Hidden, 1)]);
        graph.Node("Reshape", "weighed_rows", ["weighed", Integers(graph, "output_shape", [-1, 1])]);
        graph.Node("Add", "logit", ["weighed_rows", graph.Constant("output_bias", weights.OutputBias, 1)]);
        graph.Node("Sigmoid", "output", ["logit"]);
    }

    private static void Layer(GraphComposer graph, string name, string input, BandMatrix band)
    {
        graph.Node(
            "Gemm",
            $"{name}_sum",
            [input, graph.Constant($"{name}_weights", band.Values, band.Rows, band.Columns), graph.Constant($"{name}_bias", band.Bias, band.Columns)]);
        graph.Node("Relu", name, [$"{name}_sum"]);
    }

    /// <summary>A convolution over so few frames is a product with a matrix in which each output frame finds its taps; frames outside are silence.</summary>
    /// <param name="firstFrame">Input frame under the first tap of the first output frame.</param>
    private static BandMatrix Band(SileroWeights weights, int layer, int inputFrames, int outputFrames, int step, int firstFrame)
    {
        var (inputs, outputs) = (SileroGeometry.Channels[layer], SileroGeometry.Channels[layer + 1]);
        var (kernel, kernelBias) = (weights.Convolution(layer), weights.ConvolutionBias(layer));
        var columns = outputFrames * outputs;
        var matrix = new float[inputFrames * inputs * columns];
        for (var frame = 0; frame < outputFrames; frame++)
        {
            for (var tap = 0; tap < SileroGeometry.Taps; tap++)
            {
                var from = firstFrame + (frame * step) + tap;
                if (from < 0 || from >= inputFrames)
                    continue;
                for (var input = 0; input < inputs; input++)
                {
                    for (var output = 0; output < outputs; output++)
                        matrix[(((from * inputs) + input) * columns) + (frame * outputs) + output] = kernel[(((output * inputs) + input) * SileroGeometry.Taps) + tap];
                }
            }
        }

        return new BandMatrix(matrix, inputFrames * inputs, columns, [.. Enumerable.Repeat(kernelBias, outputFrames).SelectMany(bias => bias)]);
    }

    /// <summary>Features and hidden state to the gates in one product, in the order input, forget, output, cell: the first three share a function.</summary>
    private static (float[] Weights, float[] Bias) Gates(SileroWeights weights)
    {
        const int Columns = 4 * Hidden;
        var (fromFeatures, fromHidden, featuresBias, hiddenBias) = (weights.FeaturesToGates, weights.HiddenToGates, weights.FeaturesBias, weights.HiddenBias);
        var (matrix, bias) = (new float[2 * Hidden * Columns], new float[Columns]);
        ReadOnlySpan<int> order = [0, 1, 3, 2];
        for (var column = 0; column < Columns; column++)
        {
            var source = (order[column / Hidden] * Hidden) + (column % Hidden);
            bias[column] = featuresBias[source] + hiddenBias[source];
            for (var row = 0; row < Hidden; row++)
            {
                matrix[(row * Columns) + column] = fromFeatures[(source * Hidden) + row];
                matrix[((Hidden + row) * Columns) + column] = fromHidden[(source * Hidden) + row];
            }
        }

        return (matrix, bias);
    }

    private static string Integers(GraphComposer graph, string name, ReadOnlySpan<long> values) => graph.Constant(name, values);

    private static float[] Transposed(float[] matrix, int rows, int columns)
    {
        var transposed = new float[matrix.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                transposed[(column * rows) + row] = matrix[(row * columns) + column];
        }

        return transposed;
    }

    private sealed record BandMatrix(float[] Values, int Rows, int Columns, float[] Bias);
}
