namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>Products of the package's 8-bit weights with inputs that are quantised, each over the whole of it, when they come.</summary>
/// <remarks>
/// The package's weights are unsigned; here 128 is taken off them and off their zero points. Nothing changes in what they stand for nor in any sum, but ONNX
/// Runtime multiplies unsigned by signed bytes with VNNI, and unsigned by unsigned ones without it (<see cref="ByteProductPrecision"/>).
/// </remarks>
internal sealed class ByteProducts(GraphComposer graph)
{
    /// <summary>The three outputs of <c>DynamicQuantizeLinear</c>.</summary>
    public sealed record QuantizedInput(string Bytes, string Scale, string ZeroPoint);

    public QuantizedInput Quantize(string input)
    {
        var quantized = new QuantizedInput($"{input}.bytes", $"{input}.scale", $"{input}.zero_point");
        graph.Node("DynamicQuantizeLinear", [quantized.Bytes, quantized.Scale, quantized.ZeroPoint], [input]);
        return quantized;
    }

    public string Multiply(string output, QuantizedInput input, QuantizedMatrix matrix, float[]? bias = null)
    {
        ReadOnlySpan<string> inputs =
        [
            input.Bytes,
            graph.Constant($"{output}.weight", matrix.SignedValues(), matrix.Rows, matrix.Columns),
            input.Scale,
            graph.Constant($"{output}.weight_scale", matrix.Scales, matrix.Columns),
            input.ZeroPoint,
            graph.Constant($"{output}.weight_zero_point", matrix.SignedZeroPoints(), matrix.Columns),
        ];
        return graph.Node(
            $"{GraphComposer.Contrib}:MatMulIntegerToFloat", output, bias is null ? inputs : [.. inputs, graph.Constant($"{output}.bias", bias, bias.Length)]);
    }
}
