using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace MediaScore.Inference.Graphs;

/// <summary>Collects nodes, constants and edges of a new graph. Names of values are the caller's; nodes must be added in the order of their data.</summary>
internal sealed class OnnxGraphBuilder(string graphName, int opset)
{
    // IR version that belongs to operator sets 13 and 14 (ONNX 1.8); any newer runtime reads it.
    private const long IrVersion = 7;

    private readonly GraphProto _graph = new() { Name = graphName };

    public void AddInput(string name, IReadOnlyList<long> shape) => _graph.Input.Add(FloatValue(name, shape));

    public void AddOutput(string name, IReadOnlyList<long> shape) => _graph.Output.Add(FloatValue(name, shape));

    public string AddConstant(string name, ReadOnlySpan<float> values, params long[] shape)
    {
        _graph.Initializer.Add(Tensor(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape));
        return name;
    }

    public string AddConstant(string name, ReadOnlySpan<long> values)
    {
        _graph.Initializer.Add(Tensor(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]));
        return name;
    }

    /// <returns><paramref name="output"/>, to be the input of what follows.</returns>
    public string AddNode(string operation, string output, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return output;
    }

    public static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public ModelProto Build()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "MediaScore", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        return model;
    }

    /// <param name="shape">-1 stands for the batch; empty where nothing is known, not even the rank.</param>
    private static ValueInfoProto FloatValue(string name, IReadOnlyList<long> shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float };
        if (shape.Count > 0)
            tensor.Shape = new TensorShapeProto();
        foreach (var extent in shape)
        {
            tensor.Shape.Dim.Add(extent < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = "batch" }
                : new TensorShapeProto.Types.Dimension { DimValue = extent });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static TensorProto Tensor(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> littleEndian, IEnumerable<long> shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(littleEndian) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }
}
