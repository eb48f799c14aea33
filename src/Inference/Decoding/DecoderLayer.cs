using MediaScore.Inference.Graphs.Moonshine;

namespace MediaScore.Inference.Decoding;

/// <summary>The weights of one layer, ready for <see cref="MatrixProduct"/>.</summary>
internal sealed class DecoderLayer(MoonshineDecoderWeights weights, int layer)
{
    public float[] SelfNorm { get; } = weights.Gain($"layers.{layer}.input_layernorm.weight");

    /// <summary>Queries, keys and values side by side.</summary>
    public MatrixTiles SelfProjection { get; } = MatrixTiles.From(QuantizedMatrix.SideBySide(
        weights.Projection(layer, "self_attn/q_proj"), weights.Projection(layer, "self_attn/k_proj"), weights.Projection(layer, "self_attn/v_proj")));

    public MatrixTiles SelfDense { get; } = MatrixTiles.From(weights.Projection(layer, "self_attn/dense"));

    public float[] CrossNorm { get; } = weights.Gain($"layers.{layer}.post_attention_layernorm.weight");

    public MatrixTiles CrossQuery { get; } = MatrixTiles.From(weights.Projection(layer, "encoder_attn/q_proj"));

    public MatrixTiles CrossDense { get; } = MatrixTiles.From(weights.Projection(layer, "encoder_attn/dense"));

    /// <summary>A row a channel: multiplied from the left, so that a channel's frames come out side by side.</summary>
    public ByteRows CrossKeys { get; } = ByteRows.ColumnsOf(weights.Projection(layer, "encoder_attn/k_proj"));

    /// <summary>As <see cref="CrossKeys"/>.</summary>
    public ByteRows CrossValues { get; } = ByteRows.ColumnsOf(weights.Projection(layer, "encoder_attn/v_proj"));

    public float[] WideNorm { get; } = weights.Gain($"layers.{layer}.final_layernorm.weight");

    public MatrixTiles Up { get; } = MatrixTiles.From(weights.Projection(layer, "mlp/up_proj"), weights.Bias($"layers.{layer}.mlp.up_proj.bias"));

    public MatrixTiles Down { get; } = MatrixTiles.From(weights.Projection(layer, "mlp/down_proj"), weights.Bias($"layers.{layer}.mlp.down_proj.bias"));
}
