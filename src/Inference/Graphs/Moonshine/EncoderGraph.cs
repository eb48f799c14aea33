using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// The encoder of one utterance at its own length, composed anew from the package's weights: <c>input_values [1, samples] -> last_hidden_state [1, T, Width]</c>.
/// Weights, and the quantisation of what the layers' products take in, are the package's; the operators are fused ones. What was measured:
/// <c>docs/decisions/0010-encoder-graph.md</c>.
/// </summary>
/// <remarks>Utterances never share a run of it: the stem normalises over the whole sound, and the products' scales are functions of the whole utterance.</remarks>
internal static class EncoderGraph
{
    public static ModelProto Compose(MoonshineEncoderWeights weights) => new Composition(weights).Compose();

    private sealed class Composition(MoonshineEncoderWeights weights)
    {
        private const float NormEpsilon = 1e-5f;

        // 49 s of sound; a recogniser is asked for at most 40 (1,664 frames).
        private const int MostFrames = 2048;

        private readonly GraphComposer _graph = new("moonshine_encoder");

        private ByteProducts Products => new(_graph);

        public ModelProto Compose()
        {
            _graph.Input("input_values", DataType.Float, 1, "samples");
            _graph.Output("last_hidden_state", DataType.Float, 1, "T", weights.Width);
            AddRotaryTables();
            var sum = new EncoderStem(_graph, weights).Add("input_values");
            var normed = Norm("layers.0.input_layernorm", sum, "layers.0.normed");
            for (var layer = 0; layer < weights.Layers; layer++)
            {
                sum = _graph.Node("Add", $"layers.{layer}.attended", [sum, Attention(layer, normed)]);
                normed = Norm($"layers.{layer}.post_attention_layernorm", sum, $"layers.{layer}.attended.normed");
                sum = _graph.Node("Add", $"layers.{layer}.sum", [sum, FeedForward(layer, normed)]);
                var next = layer + 1;
                normed = next < weights.Layers ? Norm($"layers.{next}.input_layernorm", sum, $"layers.{next}.normed") : Norm("layer_norm", sum, "last_hidden_state");
            }

            return _graph.ToModel();
        }

        // An Add before it rather than SkipLayerNormalization, which is many times slower than the two over hundreds of rows.
        private string Norm(string name, string input, string output) => _graph.Node(
            "LayerNormalization", output, [input, _graph.Constant($"{name}.gain", weights.Vector($"{name}.weight"), weights.Width)], ("epsilon", NormEpsilon));

        private string Attention(int layer, string normed)
        {
            var name = $"layers.{layer}.self";
            var packed = Products.Multiply($"{name}.qkv", Products.Quantize(normed), QuantizedMatrix.SideBySide(
                weights.Projection(layer, "self_attn/q_proj"),
                weights.Projection(layer, "self_attn/k_proj"),
                weights.Projection(layer, "self_attn/v_proj")));
            _graph.Node("Split", [$"{name}.q", $"{name}.k", $"{name}.v"], [packed], ("axis", 2));
            var heads = _graph.Node(
                $"{GraphComposer.Contrib}:MultiHeadAttention",
                $"{name}.heads",
                [Rotate($"{name}.q"), Rotate($"{name}.k"), $"{name}.v"],
                ("num_heads", weights.Heads), ("scale", 1f / MathF.Sqrt(weights.HeadWidth)));
            return Products.Multiply($"{name}.dense", Products.Quantize(heads), weights.Projection(layer, "self_attn/dense"));
        }

        private string Rotate(string input) => _graph.Node(
            $"{GraphComposer.Contrib}:RotaryEmbedding",
            $"{input}.rotated",
            [input, "first_position", "rotary_cosines", "rotary_sines"],
            ("interleaved", 1), ("num_heads", weights.Heads), ("rotary_embedding_dim", 2 * weights.RotaryFrequencies().Length));

        private string FeedForward(int layer, string normed)
        {
            var name = $"layers.{layer}.mlp";
            var wide = Products.Multiply($"{name}.wide", Products.Quantize(normed), weights.Projection(layer, "mlp/fc1"), weights.Vector($"{name}.fc1.bias"));
            var gelu = _graph.Node($"{GraphComposer.Contrib}:Gelu", $"{name}.gelu", [wide]);
            return Products.Multiply($"{name}.narrow", Products.Quantize(gelu), weights.Projection(layer, "mlp/fc2"), weights.Vector($"{name}.fc2.bias"));
        }

        private void AddRotaryTables()
        {
            var frequencies = weights.RotaryFrequencies();
            var (cosines, sines) = (new float[MostFrames * frequencies.Length], new float[MostFrames * frequencies.Length]);
            for (var i = 0; i < cosines.Length; i++)
            {
                var angle = i / frequencies.Length * frequencies[i % frequencies.Length];
                (cosines[i], sines[i]) = (MathF.Cos(angle), MathF.Sin(angle));
            }

            _graph.Constant("rotary_cosines", cosines, MostFrames, frequencies.Length);
            _graph.Constant("rotary_sines", sines, MostFrames, frequencies.Length);
            _graph.Constant("first_position", [0L]);
        }
    }
}
