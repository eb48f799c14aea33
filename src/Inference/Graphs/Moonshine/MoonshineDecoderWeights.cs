using System.Runtime.InteropServices;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// The weights of a Moonshine decoder, found in the exported graph (<c>decoder_model_merged.onnx</c>, dynamically quantised) by the names of the layers
/// that they serve. Both sizes have the same structure: Jeffries et al. 2024, arXiv:2410.15608, section 3.
/// </summary>
internal sealed class MoonshineDecoderWeights
{
    private readonly Dictionary<string, TensorProto> _initializers;
    private readonly Dictionary<string, NodeProto> _products;

    private MoonshineDecoderWeights(ModelProto model)
    {
        _initializers = model.Graph.Initializer.ToDictionary(tensor => tensor.Name);
        var branch = model.Graph.Node.SingleOrDefault(node => node.OpType == "If")
            ?? throw new InvalidDataException("The decoder is not a merged export: it has no If node.");
        _products = branch.Attribute.SelectMany(attribute => attribute.G.Node)
            .Where(node => node.OpType == "MatMulInteger")
            .GroupBy(node => node.Output[0])
            .ToDictionary(group => group.Key, group => group.First());

        Layers = Count(layer => _initializers.ContainsKey($"model.decoder.layers.{layer}.input_layernorm.weight_merged_0"));
        var past = model.Graph.Input.Single(input => input.Name == "past_key_values.0.decoder.key").Type.TensorType.Shape;
        (Heads, HeadWidth) = ((int)past.Dim[1].DimValue, (int)past.Dim[3].DimValue);
        (Vocabulary, Width) = ((int)Embedding.Dims[0], (int)Embedding.Dims[1]);
        if (Layers == 0 || Heads * HeadWidth != Width)
            throw new InvalidDataException($"Not a Moonshine decoder: {Layers} layers, {Heads} heads of {HeadWidth}, width {Width}.");
    }

    public int Layers { get; }

    public int Heads { get; }

    public int HeadWidth { get; }

    /// <summary>Width of a token's vector.</summary>
    public int Width { get; }

    public int Vocabulary { get; }

    private TensorProto Embedding => _initializers["model.decoder.embed_tokens.weight_merged_0_quantized"];

    public static MoonshineDecoderWeights Read(string mergedDecoderPath)
    {
        using var stream = File.OpenRead(mergedDecoderPath);
        return new MoonshineDecoderWeights(ModelProto.Parser.ParseFrom(stream));
    }

    /// <summary>The token vectors, <c>[Vocabulary, Width]</c>; transposed they are the output head.</summary>
    public QuantizedMatrix EmbeddingMatrix() => Matrix("model.decoder.embed_tokens.weight_merged_0");

    /// <param name="layer">From 0.</param>
    /// <param name="projection">As <c>self_attn/q_proj</c>, <c>encoder_attn/dense</c>, <c>mlp/up_proj</c>.</param>
    public QuantizedMatrix Projection(int layer, string projection)
    {
        var output = $"/model/decoder/layers.{layer}/{projection}/MatMul_output_0_output_quantized";
        if (!_products.TryGetValue(output, out var product))
            throw new InvalidDataException($"The decoder has no quantised product {output}.");
        const string Suffix = "_quantized";
        return Matrix(product.Input[1][..^Suffix.Length]);
    }

    /// <param name="name">As <c>layers.0.input_layernorm.weight</c>, <c>norm.weight</c>, <c>layers.0.mlp.up_proj.bias</c>.</param>
    public float[] Vector(string name) => Floats($"model.decoder.{name}_merged_0");

    /// <summary>Radians a position for each pair of rotated dimensions.</summary>
    public float[] RotaryFrequencies() => Floats("/model/decoder/rotary_emb/Cast_1_output_0");

    private QuantizedMatrix Matrix(string name)
    {
        var tensor = Tensor(name + "_quantized", DataType.Uint8);
        var scale = Floats(name + "_scale");
        var zeroPoint = Tensor(name + "_zero_point", DataType.Uint8);
        if (scale.Length != 1 || tensor.Dims.Count != 2)
            throw new InvalidDataException($"{name} is not a matrix quantised as a whole.");
        var zero = zeroPoint.RawData.Length > 0 ? zeroPoint.RawData[0] : (byte)zeroPoint.Int32Data[0];
        return QuantizedMatrix.PerTensor((int)tensor.Dims[0], (int)tensor.Dims[1], tensor.RawData.ToByteArray(), scale[0], zero);
    }

    private float[] Floats(string name)
    {
        var tensor = Tensor(name, DataType.Float);
        return tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
    }

    private TensorProto Tensor(string name, DataType type)
    {
        if (!_initializers.TryGetValue(name, out var tensor) || tensor.DataType != (int)type)
            throw new InvalidDataException($"The decoder has no {type} weights {name}.");
        return tensor;
    }

    private static int Count(Predicate<int> exists)
    {
        var count = 0;
        while (exists(count))
            count++;
        return count;
    }
}
