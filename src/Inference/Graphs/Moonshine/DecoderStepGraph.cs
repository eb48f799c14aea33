using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// One decoding step of any number of utterances of any length and age, composed anew from the package's weights. No row's answer depends on its neighbours:
/// products quantise a row at a time (<c>MatMulNBits</c>, accuracy level 4) and attention reads exactly the row's own keys (<c>GroupQueryAttention</c> with a
/// length a row), so there is neither mask nor padding to sum over.
/// </summary>
/// <remarks>
/// <para>Inputs, for <c>B</c> rows: <c>input_ids int64 [B, 1]</c>; <c>past_length int32 [B]</c>, tokens already in the row's cache, also its position;
/// <c>last_frame int32 [B]</c>, encoder frames less one; <c>last_frame_cross [B, 1, Layers * 2 * Heads * cross head width]</c>, the row's last column of <c>cross</c>;
/// <c>self_capacity</c> and <c>cross_capacity</c>, int32 scalars: the extents P and T of the caches; <c>self.N.key|value [B, Heads, P, self head width]</c> and
/// <c>cross.N.key|value [B, Heads, T, cross head width]</c>.</para>
/// <para>Outputs: <c>logits [B, 1, Vocabulary]</c>, and each cache again (<c>present.…</c>), to be bound to the same memory: a step then writes one token's keys in
/// place and copies nothing.</para>
/// <para>Cross attention on an operator for self attention: the cache holds the frames and the step appends the last frame again where it already stands,
/// so exactly T frames are attended to. No rotation is applied there; the order of keys does not matter.</para>
/// </remarks>
internal static class DecoderStepGraph
{
    private const int BlockSize = 32;
    private const float NormEpsilon = 1e-5f;

    public static ModelProto Compose(MoonshineDecoderWeights weights)
    {
        var composer = new Composition(weights);
        return composer.Compose();
    }

    private sealed class Composition(MoonshineDecoderWeights weights)
    {
        private readonly GraphComposer _graph = new("moonshine_decoder_step");
        private readonly int _selfHeadWidth = MoonshineGeometry.SelfHeadWidth(weights.HeadWidth);
        private readonly int _crossHeadWidth = MoonshineGeometry.CrossHeadWidth(weights.HeadWidth);

        public ModelProto Compose()
        {
            _graph.Input("input_ids", DataType.Int64, "B", 1);
            _graph.Input("past_length", DataType.Int32, "B");
            _graph.Input("last_frame", DataType.Int32, "B");
            _graph.Input("last_frame_cross", DataType.Float, "B", 1, weights.Layers * 2 * weights.Heads * _crossHeadWidth);
            _graph.Input("self_capacity", DataType.Int32);
            _graph.Input("cross_capacity", DataType.Int32);
            _graph.Output("logits", DataType.Float, "B", 1, weights.Vocabulary);
            AddRotaryTables();
            SplitLastFrame();

            var sum = Embed();
            var normed = _graph.Node("LayerNormalization", "layers.0.input", [sum, Gain("layers.0.input_layernorm")], ("epsilon", NormEpsilon));
            for (var layer = 0; layer < weights.Layers; layer++)
            {
                var name = $"layers.{layer}";
                (normed, sum) = AddAndNorm(sum, SelfAttention(layer, normed), $"{name}.post_attention_layernorm");
                (normed, sum) = AddAndNorm(sum, CrossAttention(layer, normed), $"{name}.final_layernorm");
                var next = layer + 1 < weights.Layers ? $"layers.{layer + 1}.input_layernorm" : "norm";
                (normed, sum) = AddAndNorm(sum, FeedForward(layer, normed), next);
            }

            Multiply("logits", normed, weights.EmbeddingMatrix().Transpose(), bias: null, sharedValues: "embedding");
            return _graph.ToModel();
        }

        private string Embed()
        {
            // The head and the token vectors are one matrix: kept once, in the layout that MatMulNBits wants, [Vocabulary, blocks, block].
            var embedding = weights.EmbeddingMatrix();
            _graph.Constant("embedding", embedding.Values, weights.Vocabulary, weights.Width / BlockSize, BlockSize);
            _graph.Node("Gather", "token_blocks", ["embedding", "input_ids"]);
            _graph.Node("Reshape", "token_bytes", ["token_blocks", _graph.Constant("token_shape", [0, 1, weights.Width])]);
            return _graph.Node(
                "DequantizeLinear",
                "token",
                ["token_bytes", _graph.Constant("embedding_scale", [embedding.Scales[0]]), _graph.Constant("embedding_zero_point", [embedding.ZeroPoints[0]])]);
        }

        private void AddRotaryTables()
        {
            var frequencies = weights.RotaryFrequencies();
            var (cosines, sines) = (new float[MoonshineGeometry.MaxPositions * frequencies.Length], new float[MoonshineGeometry.MaxPositions * frequencies.Length]);
            for (var i = 0; i < cosines.Length; i++)
            {
                var angle = i / frequencies.Length * frequencies[i % frequencies.Length];
                (cosines[i], sines[i]) = (MathF.Cos(angle), MathF.Sin(angle));
            }

            _graph.Constant("rotary_cosines", cosines, MoonshineGeometry.MaxPositions, frequencies.Length);
            _graph.Constant("rotary_sines", sines, MoonshineGeometry.MaxPositions, frequencies.Length);
        }

        private void SplitLastFrame()
        {
            var parts = new string[weights.Layers * 2];
            for (var layer = 0; layer < weights.Layers; layer++)
                (parts[layer * 2], parts[(layer * 2) + 1]) = (LastFrame(layer, "key"), LastFrame(layer, "value"));
            _graph.Node("Split", parts, ["last_frame_cross"], ("axis", 2));
        }

        private string SelfAttention(int layer, string normed)
        {
            var name = $"layers.{layer}.self";
            var packed = Multiply($"{name}.qkv", normed, QuantizedMatrix.SideBySide(
                Widened(layer, "self_attn/q_proj", _selfHeadWidth),
                Widened(layer, "self_attn/k_proj", _selfHeadWidth),
                Widened(layer, "self_attn/v_proj", _selfHeadWidth)));
            var (pastKey, presentKey) = Cache($"self.{layer}.key", "P", _selfHeadWidth);
            var (pastValue, presentValue) = Cache($"self.{layer}.value", "P", _selfHeadWidth);
            _graph.Node(
                $"{GraphComposer.Contrib}:GroupQueryAttention",
                [$"{name}.heads", presentKey, presentValue],
                [packed, "", "", pastKey, pastValue, "past_length", "self_capacity", "rotary_cosines", "rotary_sines"],
                ("num_heads", weights.Heads), ("kv_num_heads", weights.Heads), ("scale", Scale), ("do_rotary", 1), ("rotary_interleaved", 1));
            return Multiply($"{name}.dense", $"{name}.heads", weights.Projection(layer, "self_attn/dense").WidenInputHeads(weights.Heads, _selfHeadWidth));
        }

        private string CrossAttention(int layer, string normed)
        {
            var name = $"layers.{layer}.cross";
            var query = Multiply($"{name}.query", normed, Widened(layer, "encoder_attn/q_proj", _crossHeadWidth));
            var (pastKey, presentKey) = Cache($"cross.{layer}.key", "T", _crossHeadWidth);
            var (pastValue, presentValue) = Cache($"cross.{layer}.value", "T", _crossHeadWidth);
            _graph.Node(
                $"{GraphComposer.Contrib}:GroupQueryAttention",
                [$"{name}.heads", presentKey, presentValue],
                [query, LastFrame(layer, "key"), LastFrame(layer, "value"), pastKey, pastValue, "last_frame", "cross_capacity"],
                ("num_heads", weights.Heads), ("kv_num_heads", weights.Heads), ("scale", Scale));
            return Multiply($"{name}.dense", $"{name}.heads", weights.Projection(layer, "encoder_attn/dense").WidenInputHeads(weights.Heads, _crossHeadWidth));
        }

        // SwiGLU: the first half of the wide product is the value, the second the gate.
        private string FeedForward(int layer, string normed)
        {
            var name = $"layers.{layer}.mlp";
            var wide = Multiply($"{name}.up", normed, weights.Projection(layer, "mlp/up_proj"), weights.Vector($"{name}.up_proj.bias"));
            _graph.Node("Split", [$"{name}.value", $"{name}.gate"], [wide], ("axis", 2));
            _graph.Node($"{GraphComposer.Contrib}:QuickGelu", $"{name}.silu", [$"{name}.gate"], ("alpha", 1f));
            _graph.Node("Mul", $"{name}.gated", [$"{name}.silu", $"{name}.value"]);
            return Multiply($"{name}.down", $"{name}.gated", weights.Projection(layer, "mlp/down_proj"), weights.Vector($"{name}.down_proj.bias"));
        }

        private (string Normed, string Sum) AddAndNorm(string sum, string addend, string norm)
        {
            _graph.Node(
                $"{GraphComposer.Contrib}:SkipLayerNormalization", [$"{norm}.out", "", "", $"{norm}.sum"], [sum, addend, Gain(norm)], ("epsilon", NormEpsilon));
            return ($"{norm}.out", $"{norm}.sum");
        }

        private string Multiply(string output, string input, QuantizedMatrix matrix, float[]? bias = null, string? sharedValues = null)
        {
            var blocks = (matrix.Rows + BlockSize - 1) / BlockSize;
            var values = new byte[sharedValues is null ? matrix.Columns * blocks * BlockSize : 0];
            var (scales, zeroPoints) = (new float[matrix.Columns * blocks], new byte[matrix.Columns * blocks]);
            for (var column = 0; column < matrix.Columns; column++)
            {
                scales.AsSpan(column * blocks, blocks).Fill(matrix.Scales[column]);
                zeroPoints.AsSpan(column * blocks, blocks).Fill(matrix.ZeroPoints[column]);
                for (var row = 0; sharedValues is null && row < matrix.Rows; row++)
                    values[(column * blocks * BlockSize) + row] = matrix.Values[(row * matrix.Columns) + column];
            }

            ReadOnlySpan<string> inputs =
            [
                input,
                sharedValues ?? _graph.Constant($"{output}.weight", values, matrix.Columns, blocks, BlockSize),
                _graph.Constant($"{output}.scale", scales, matrix.Columns, blocks),
                _graph.Constant($"{output}.zero_point", zeroPoints, matrix.Columns, blocks),
            ];
            return _graph.Node(
                $"{GraphComposer.Contrib}:MatMulNBits",
                output,
                bias is null ? inputs : [.. inputs, "", _graph.Constant($"{output}.bias", bias, bias.Length)],
                ("K", matrix.Rows), ("N", matrix.Columns), ("bits", 8), ("block_size", BlockSize), ("accuracy_level", 4));
        }

        private (string Past, string Present) Cache(string name, string extent, int headWidth)
        {
            _graph.Input(name, DataType.Float, "B", weights.Heads, extent, headWidth);
            _graph.Output($"present.{name}", DataType.Float, "B", weights.Heads, extent, headWidth);
            return (name, $"present.{name}");
        }

        private float Scale => 1f / MathF.Sqrt(weights.HeadWidth);

        private QuantizedMatrix Widened(int layer, string projection, int headWidth) => weights.Projection(layer, projection).WidenOutputHeads(weights.Heads, headWidth);

        private string Gain(string norm) => _graph.Constant($"{norm}.gain", weights.Vector($"{norm}.weight"), weights.Width);

        private static string LastFrame(int layer, string part) => $"last_frame.{layer}.{part}";
    }
}
