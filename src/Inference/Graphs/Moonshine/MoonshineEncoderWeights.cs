using Onnx;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// The weights of a Moonshine encoder, found in the exported graph (<c>encoder_model.onnx</c>, dynamically quantised) by the names of the layers that they
/// serve. Both sizes have the same structure: Jeffries et al. 2024, arXiv:2410.15608, section 3.
/// </summary>
internal sealed class MoonshineEncoderWeights
{
    private readonly PackagedTensors _tensors;
    private readonly Dictionary<string, NodeProto> _nodes;

    public MoonshineEncoderWeights(ModelProto model)
    {
        _tensors = new PackagedTensors(model.Graph);
        _nodes = model.Graph.Node.Where(node => node.Output.Count > 0).GroupBy(node => node.Output[0]).ToDictionary(group => group.Key, group => group.First());
        while (_tensors.Contains($"layers.{Layers}.input_layernorm.weight"))
            Layers++;
        Width = _tensors.Floats("layer_norm.weight").Length;

        // Queries and keys are each multiplied by the root of the attention's scale.
        var rootOfScale = _tensors.Floats("/layers.0/self_attn/Sqrt_1_output_0", 1)[0];
        HeadWidth = (int)MathF.Round(1 / (rootOfScale * rootOfScale * rootOfScale * rootOfScale));
        if (Layers == 0 || HeadWidth <= 0 || Width % HeadWidth != 0)
            throw new InvalidDataException($"Not a Moonshine encoder: {Layers} layers, heads of {HeadWidth}, width {Width}.");
    }

    public int Layers { get; }

    public int Heads => Width / HeadWidth;

    public int HeadWidth { get; }

    /// <summary>Width of a frame's vector.</summary>
    public int Width { get; }

    public static MoonshineEncoderWeights Read(string path)
    {
        using var stream = File.OpenRead(path);
        return new MoonshineEncoderWeights(ModelProto.Parser.ParseFrom(stream));
    }

    /// <param name="layer">From 0.</param>
    /// <param name="projection">As <c>self_attn/q_proj</c>, <c>mlp/fc1</c>.</param>
    public QuantizedMatrix Projection(int layer, string projection) =>
        _tensors.FactorOf(Node($"/layers.{layer}/{projection}/MatMul_output_0_output_quantized"));

    /// <param name="name">As <c>layers.0.input_layernorm.weight</c>, <c>conv2.bias</c>.</param>
    public float[] Vector(string name) => _tensors.Floats(name);

    /// <summary>Gain and offset a channel after the normalisation over the whole sound.</summary>
    public (float[] Gain, float[] Offset) GroupNorm() =>
        (_tensors.Floats(Addend("/groupnorm/Mul_output_0"), Width), _tensors.Floats(Addend("/groupnorm/Add_output_0"), Width));

    /// <summary>
    /// A convolution as a matrix <c>[taps * input channels, output channels]</c>: rows in the order of time, then channel, so that a window of frames that follow
    /// each other in memory is a row of the other factor.
    /// </summary>
    /// <param name="number">1 to 3.</param>
    public QuantizedMatrix Convolution(int number)
    {
        var name = $"conv{number}.weight";
        var (outputs, inputs, taps) = _tensors.Shape(name + "_quantized", rank: 3) is [var first, var second, var third] ? (first, second, third) : default;
        var packaged = _tensors.SignedBytes(name + "_quantized");
        var scale = _tensors.Scale(name);

        // The export adds an offset to the scaled numbers; it is a whole number of scales, that is, a zero point (signed, so 128 more here).
        var zeroPoint = -_tensors.Floats(name + "_zero_point", 1)[0] / scale;
        if (!(MathF.Abs(zeroPoint - MathF.Round(zeroPoint)) <= 1e-3f) || MathF.Round(zeroPoint) is < sbyte.MinValue or > sbyte.MaxValue)
            throw new InvalidDataException($"The offset of {name} is no whole number of its scale from {sbyte.MinValue} to {sbyte.MaxValue}.");
        var values = new byte[packaged.Length];
        for (var i = 0; i < packaged.Length; i++)
        {
            var (output, input, tap) = (i / (inputs * taps), i / taps % inputs, i % taps);
            values[(((tap * inputs) + input) * outputs) + output] = (byte)(packaged[i] + 128);
        }

        return QuantizedMatrix.PerTensor(taps * inputs, outputs, values, scale, (byte)(MathF.Round(zeroPoint) + 128));
    }

    /// <summary>Radians a frame for each pair of rotated dimensions.</summary>
    public float[] RotaryFrequencies() => _tensors.Floats("/rotary_emb/Cast_1_output_0");

    private string Addend(string output) =>
        Node(output).Input is { Count: > 1 } inputs ? inputs[1] : throw new InvalidDataException($"The encoder's {output} has one input.");

    private NodeProto Node(string output) =>
        _nodes.TryGetValue(output, out var node) ? node : throw new InvalidDataException($"The encoder has no {output}.");
}
