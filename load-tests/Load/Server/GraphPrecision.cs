namespace MediaScore.Load.Server;

/// <summary>In what a graph computes, by its operators: their names stand in the file as they are (ONNX, NodeProto.op_type).</summary>
internal static class GraphPrecision
{
    // Most telling first.
    private static readonly (byte[] Operator, string Precision)[] Telling =
    [
        ("MatMulNBits"u8.ToArray(), "int4 or int8 weights"),
        ("MatMulInteger"u8.ToArray(), "int8, quantised at run time"),
        ("ConvInteger"u8.ToArray(), "int8, quantised at run time"),
        ("QLinear"u8.ToArray(), "int8"),
        ("DequantizeLinear"u8.ToArray(), "int8 weights"),
    ];

    /// <param name="path">A graph.</param>
    /// <returns>"float" where nothing in it is quantised.</returns>
    public static string Of(string path)
    {
        var graph = File.ReadAllBytes(path).AsSpan();
        foreach (var (name, precision) in Telling)
        {
            if (graph.IndexOf(name) >= 0)
                return precision;
        }

        return "float";
    }
}
