using Onnx;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// The weights of a Moonshine decoder, found in the exported graph (<c>decoder_model_merged.onnx</c>, dynamically quantised) by the names of the layers
/// that they serve. Both sizes have the same structure: Jeffries et al. 2024, arXiv:2410.15608, section 3.
/// </summary>
internal sealed class MoonshineDecoderWeights
{
    private const string Up = "mlp/up_proj";
    private const string Down = "mlp/down_proj";

    private readonly PackagedTensors _tensors;
    private readonly Dictionary<string, NodeProto> _products;

    private MoonshineDecoderWeights(ModelProto model)
    {
        _tensors = new PackagedTensors(model.Graph);
        var branch = model.Graph.Node.SingleOrDefault(node => node.OpType == "If")
            ?? throw new InvalidDataException("The decoder is not a merged export: it has no If node.");
        _products = branch.Attribute.Where(attribute => attribute.G is not null).SelectMany(attribute => attribute.G.Node)
            .Where(node => node.OpType == "MatMulInteger" && node.Output.Count > 0)
            .GroupBy(node => node.Output[0])
            .ToDictionary(group => group.Key, group => group.First());

        Layers = Count(layer => _tensors.Contains($"model.decoder.layers.{layer}.input_layernorm.weight_merged_0"));
        var past = model.Graph.Input.FirstOrDefault(input => input.Name == "past_key_values.0.decoder.key")?.Type?.TensorType?.Shape;
        if (past is not { Dim.Count: 4 })
            throw new InvalidDataException("The decoder has no input past_key_values.0.decoder.key of four extents.");
        (Heads, HeadWidth) = ((int)past.Dim[1].DimValue, (int)past.Dim[3].DimValue);
        Width = _tensors.Shape("model.decoder.embed_tokens.weight_merged_0_quantized", rank: 2)[1];
        if (Layers == 0 || Heads <= 0 || HeadWidth <= 0 || Heads * HeadWidth != Width)
            throw new InvalidDataException($"Not a Moonshine decoder: {Layers} layers, {Heads} heads of {HeadWidth}, width {Width}.");
    }

    public int Layers { get; }

    public int Heads { get; }

    public int HeadWidth { get; }

    /// <summary>Width of a token's vector.</summary>
    public int Width { get; }

    public static MoonshineDecoderWeights Read(string mergedDecoderPath)
    {
        using var stream = File.OpenRead(mergedDecoderPath);
        return new MoonshineDecoderWeights(ModelProto.Parser.ParseFrom(stream));
    }

    /// <summary>The token vectors, <c>[tokens, Width]</c>; transposed they are the output head.</summary>
    public QuantizedMatrix EmbeddingMatrix() => _tensors.Matrix("model.decoder.embed_tokens.weight_merged_0");

    /// <param name="layer">From 0.</param>
    /// <param name="projection">As <c>self_attn/q_proj</c>, <c>encoder_attn/dense</c>, <c>mlp/up_proj</c>.</param>
    public QuantizedMatrix Projection(int layer, string projection)
    {
        var output = $"/model/decoder/layers.{layer}/{projection}/MatMul_output_0_output_quantized";
        if (!_products.TryGetValue(output, out var product))
            throw new InvalidDataException($"The decoder has no quantised product {output}.");
        var matrix = _tensors.FactorOf(product);

        // Between the two halves of the feed-forward layer it is wider.
        if ((matrix.Rows != Width && projection != Down) || (matrix.Columns != Width && projection != Up))
            throw new InvalidDataException($"{output} is a product with a matrix of {matrix.Rows} by {matrix.Columns}; the width is {Width}.");
        return matrix;
    }

    /// <summary>The gain of a normalisation, <see cref="Width"/> numbers.</summary>
    /// <param name="name">As <c>layers.0.input_layernorm.weight</c>, <c>norm.weight</c>.</param>
    public float[] Gain(string name) => _tensors.Floats($"model.decoder.{name}_merged_0", Width);

    /// <param name="name">As <c>layers.0.mlp.up_proj.bias</c>.</param>
    public float[] Bias(string name) => _tensors.Floats($"model.decoder.{name}_merged_0");

    /// <summary>Radians a position for each pair of rotated dimensions.</summary>
    public float[] RotaryFrequencies() => _tensors.Floats("/model/decoder/rotary_emb/Cast_1_output_0") is var frequencies && 2 * frequencies.Length <= HeadWidth
        ? frequencies
        : throw new InvalidDataException($"{frequencies.Length} frequencies turn more than a head of {HeadWidth}.");

    private static int Count(Predicate<int> exists)
    {
        var count = 0;
        while (exists(count))
            count++;
        return count;
    }
}
