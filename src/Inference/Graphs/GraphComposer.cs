using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs;

/// <summary>Writes an ONNX graph node by node. Names are the caller's; every node is named after its first output.</summary>
internal sealed class GraphComposer(string name)
{
    /// <summary>ONNX Runtime's own operators (fused attention, products of bytes).</summary>
    public const string Contrib = "com.microsoft";

    // The packaged encoder's: its operators mean here what they mean there. (LayerNormalization became standard with 17; ONNX Runtime knows it in every set.)
    private const int OpsetVersion = 14;
    private const int IrVersion = 8;

    private readonly GraphProto _graph = new() { Name = name };

    public ModelProto ToModel() => new()
    {
        IrVersion = IrVersion,
        ProducerName = "MediaScore",
        Graph = _graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OpsetVersion }, new OperatorSetIdProto { Domain = Contrib, Version = 1 } },
    };

    /// <param name="shape">A number is a fixed extent, a word a free one.</param>
    public string Input(string tensor, DataType type, params ReadOnlySpan<object> shape)
    {
        _graph.Input.Add(Describe(tensor, type, shape));
        return tensor;
    }

    public void Output(string tensor, DataType type, params ReadOnlySpan<object> shape) => _graph.Output.Add(Describe(tensor, type, shape));

    public string Constant(string tensor, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Add(tensor, DataType.Float, shape, MemoryMarshal.AsBytes(values));

    public string Constant(string tensor, sbyte[] values, params ReadOnlySpan<long> shape) => Add(tensor, DataType.Int8, shape, MemoryMarshal.AsBytes<sbyte>(values));

    public string Constant(string tensor, ReadOnlySpan<long> values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return Add(tensor, DataType.Int64, [values.Length], bytes);
    }

    /// <summary>A node with one output, which it returns.</summary>
    public string Node(string operation, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Node(operation, [output], inputs, attributes);
        return output;
    }

    public void Node(string operation, ReadOnlySpan<string> outputs, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var separator = operation.IndexOf(':', StringComparison.Ordinal);
        var node = new NodeProto
        {
            Name = outputs[0],
            Domain = separator < 0 ? "" : operation[..separator],
            OpType = separator < 0 ? operation : operation[(separator + 1)..],
        };
        node.Input.AddRange(inputs.ToArray());
        node.Output.AddRange(outputs.ToArray());
        foreach (var (attribute, value) in attributes)
            node.Attribute.Add(ToAttribute(attribute, value));
        _graph.Node.Add(node);
    }

    private string Add(string tensor, DataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> littleEndian)
    {
        var proto = new TensorProto { Name = tensor, DataType = (int)type, RawData = ByteString.CopyFrom(littleEndian) };
        proto.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(proto);
        return tensor;
    }

    private static AttributeProto ToAttribute(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case int number:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, number);
                break;
            case float number:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            default:
                throw new ArgumentException($"Attribute {name} has the unexpected type {value.GetType().Name}.", nameof(value));
        }

        return proto;
    }

    private static ValueInfoProto Describe(string tensor, DataType type, ReadOnlySpan<object> shape)
    {
        var dims = new TensorShapeProto();
        foreach (var extent in shape)
        {
            dims.Dim.Add(extent is string free
                ? new TensorShapeProto.Types.Dimension { DimParam = free }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(extent, provider: null) });
        }

        return new ValueInfoProto
        {
            Name = tensor,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dims } },
        };
    }
}
