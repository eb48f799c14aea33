using System.Runtime.InteropServices;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>The constants of an exported, dynamically quantised graph, by name. The file is an operator's: what it lacks is said, not stumbled over.</summary>
internal sealed class PackagedTensors
{
    private const string QuantizedSuffix = "_quantized";

    private readonly Dictionary<string, TensorProto> _tensors = [];

    /// <exception cref="InvalidDataException">Two constants have one name.</exception>
    public PackagedTensors(GraphProto? graph)
    {
        foreach (var tensor in graph?.Initializer ?? throw new InvalidDataException("The file has no graph."))
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
                throw new InvalidDataException($"The graph has two weights {tensor.Name}.");
        }
    }

    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <exception cref="InvalidDataException">It is not there, or has another number of dimensions.</exception>
    public int[] Shape(string name, int rank)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw new InvalidDataException($"The graph has no weights {name}.");
        return tensor.Dims.Count == rank && tensor.Dims.All(extent => extent is > 0 and <= int.MaxValue)
            ? [.. tensor.Dims.Select(extent => (int)extent)]
            : throw new InvalidDataException($"The weights {name} have the shape [{string.Join(", ", tensor.Dims)}], not {rank} extents.");
    }

    /// <summary>A matrix with one scale and one zero point for the whole of it.</summary>
    /// <param name="name">Without the endings <c>_quantized</c>, <c>_scale</c> and <c>_zero_point</c> of its three parts.</param>
    public QuantizedMatrix Matrix(string name)
    {
        var shape = Shape(name + QuantizedSuffix, rank: 2);
        var values = Bytes(name + QuantizedSuffix, DataType.Uint8);
        var zeroPoint = Bytes(name + "_zero_point", DataType.Uint8);
        if (zeroPoint.Length != 1)
            throw new InvalidDataException($"{name} is not a matrix quantised as a whole.");
        return QuantizedMatrix.PerTensor(shape[0], shape[1], values, Scale(name), zeroPoint[0]);
    }

    /// <summary>The matrix that a product multiplies by.</summary>
    public QuantizedMatrix FactorOf(NodeProto product) => product.Input.Count > 1 && product.Input[1].EndsWith(QuantizedSuffix, StringComparison.Ordinal)
        ? Matrix(product.Input[1][..^QuantizedSuffix.Length])
        : throw new InvalidDataException($"The product {product.Name} multiplies by no quantised weights.");

    /// <summary>The one scale of a tensor quantised as a whole.</summary>
    public float Scale(string name) => Floats(name + "_scale") is [var scale] ? scale : throw new InvalidDataException($"{name} is not quantised as a whole.");

    public float[] Floats(string name)
    {
        var tensor = Tensor(name, DataType.Float);
        return Whole(name, tensor, tensor.RawData.Length % sizeof(float) > 0 ? [] :
            tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData]);
    }

    /// <param name="length">So many it must be.</param>
    public float[] Floats(string name, int length) => Floats(name) is var floats && floats.Length == length
        ? floats
        : throw new InvalidDataException($"The weights {name} are {floats.Length} numbers, not {length}.");

    public sbyte[] SignedBytes(string name) => Array.ConvertAll(Bytes(name, DataType.Int8), value => unchecked((sbyte)value));

    private byte[] Bytes(string name, DataType type)
    {
        var tensor = Tensor(name, type);
        return Whole(name, tensor, tensor.RawData.Length > 0 ? tensor.RawData.ToByteArray() : [.. tensor.Int32Data.Select(value => unchecked((byte)value))]);
    }

    private TensorProto Tensor(string name, DataType type)
    {
        if (!_tensors.TryGetValue(name, out var tensor) || tensor.DataType != (int)type)
            throw new InvalidDataException($"The graph has no {type} weights {name}.");
        return tensor;
    }

    private static T[] Whole<T>(string name, TensorProto tensor, T[] values) =>
        tensor.Dims.Aggregate(1.0, (product, extent) => product * extent) is var count && values.Length == count
            ? values
            : throw new InvalidDataException($"The weights {name} hold {values.Length} numbers, not the {count} of their shape.");
}
