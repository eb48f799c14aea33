using System.Runtime.InteropServices;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>The constants of an exported, dynamically quantised graph, by name.</summary>
internal sealed class PackagedTensors(GraphProto graph)
{
    private readonly Dictionary<string, TensorProto> _tensors = graph.Initializer.ToDictionary(tensor => tensor.Name);

    public bool Contains(string name) => _tensors.ContainsKey(name);

    public long[] Shape(string name) => _tensors.TryGetValue(name, out var tensor) ? [.. tensor.Dims] : throw new InvalidDataException($"The graph has no weights {name}.");

    /// <summary>A matrix with one scale and one zero point for the whole of it.</summary>
    /// <param name="name">Without the endings <c>_quantized</c>, <c>_scale</c> and <c>_zero_point</c> of its three parts.</param>
    public QuantizedMatrix Matrix(string name)
    {
        var tensor = Tensor(name + "_quantized", DataType.Uint8);
        var scale = Floats(name + "_scale");
        var zeroPoint = Tensor(name + "_zero_point", DataType.Uint8);
        if (scale.Length != 1 || tensor.Dims.Count != 2)
            throw new InvalidDataException($"{name} is not a matrix quantised as a whole.");
        var zero = zeroPoint.RawData.Length > 0 ? zeroPoint.RawData[0] : (byte)zeroPoint.Int32Data[0];
        return QuantizedMatrix.PerTensor((int)tensor.Dims[0], (int)tensor.Dims[1], tensor.RawData.ToByteArray(), scale[0], zero);
    }

    public float[] Floats(string name)
    {
        var tensor = Tensor(name, DataType.Float);
        return tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
    }

    public sbyte[] SignedBytes(string name) => MemoryMarshal.Cast<byte, sbyte>(Tensor(name, DataType.Int8).RawData.Span).ToArray();

    private TensorProto Tensor(string name, DataType type)
    {
        if (!_tensors.TryGetValue(name, out var tensor) || tensor.DataType != (int)type)
            throw new InvalidDataException($"The graph has no {type} weights {name}.");
        return tensor;
    }
}
