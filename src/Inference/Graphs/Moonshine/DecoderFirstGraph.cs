using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// What a decoder computes once an utterance: the keys and values of its cross attention, all layers in one product.
/// <c>encoder_hidden_states [1, T, Width] -> cross [1, Layers * 2 * Heads, T, cross head width]</c>, keys before values within a layer.
/// </summary>
/// <remarks>Utterances never share a run of this graph, so the package's dynamic quantisation is kept: its scale is a function of this utterance alone.</remarks>
internal static class DecoderFirstGraph
{
    public static ModelProto Compose(MoonshineDecoderWeights weights)
    {
        var headWidth = MoonshineGeometry.CrossHeadWidth(weights.HeadWidth);
        var parts = new QuantizedMatrix[weights.Layers * 2];
        for (var layer = 0; layer < weights.Layers; layer++)
        {
            parts[layer * 2] = weights.Projection(layer, "encoder_attn/k_proj").WidenOutputHeads(weights.Heads, headWidth);
            parts[(layer * 2) + 1] = weights.Projection(layer, "encoder_attn/v_proj").WidenOutputHeads(weights.Heads, headWidth);
        }

        var projection = QuantizedMatrix.SideBySide(parts);
        var allHeads = parts.Length * weights.Heads;
        var graph = new GraphComposer("moonshine_decoder_first");
        var states = graph.Input("encoder_hidden_states", DataType.Float, 1, "T", weights.Width);
        graph.Node("DynamicQuantizeLinear", ["states", "states_scale", "states_zero_point"], [states]);
        graph.Node(
            $"{GraphComposer.Contrib}:MatMulIntegerToFloat",
            "projected",
            [
                "states",
                graph.Constant("projection", projection.Values, projection.Rows, projection.Columns),
                "states_scale",
                graph.Constant("projection_scale", projection.Scales, projection.Columns),
                "states_zero_point",
                graph.Constant("projection_zero_point", projection.ZeroPoints, projection.Columns),
            ]);
        graph.Node("Reshape", "by_head", ["projected", graph.Constant("by_head_shape", [1, -1, allHeads, headWidth])]);
        graph.Node("Transpose", "cross", ["by_head"], ("perm", new long[] { 0, 2, 1, 3 }));
        graph.Output("cross", DataType.Float, 1, allHeads, "T", headWidth);
        return graph.ToModel();
    }
}
