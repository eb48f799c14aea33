using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace MediaScore.Inference.Tests.Execution;

/// <summary>Writes ONNX files of a few nodes, so that what the pool does with tensors is tested on the real runtime without any weights.</summary>
internal sealed class TinyModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiny-model");
    private readonly GraphProto _graph = new() { Name = "tiny" };

    public string Path => System.IO.Path.Combine(_folder.FullName, "model.onnx");

    /// <summary><c>y[b, 3] = x[b, 4] · W + c</c>, with weights whose products do not round to nothing.</summary>
    public static TinyModel Affine()
    {
        var model = new TinyModel();
        model.Input("x", TensorProto.Types.DataType.Float, -1, 4);
        model.Output("y", -1, 3);
        model.Constant("w", [.. Enumerable.Range(1, 12).Select(i => 1f / i)], 4, 3);
        model.Constant("c", [0.1f, -0.2f, 0.3f], 3);
        model.Node("MatMul", "xw", "x", "w");
        model.Node("Add", "y", "xw", "c");
        return model.Write();
    }

    /// <summary><c>stateN[2, b, 3] = state / 2 + x[b, 3]</c>; <c>y[b, 3]</c> is the mean of its two layers.</summary>
    public static TinyModel Recurrent()
    {
        var model = new TinyModel();
        model.Input("x", TensorProto.Types.DataType.Float, -1, 3);
        model.Input("state", TensorProto.Types.DataType.Float, 2, -1, 3);
        model.Output("y", -1, 3);
        model.Output("stateN", 2, -1, 3);
        model.Constant("half", [0.5f], 1);
        model.Node("Mul", "faded", "state", "half");
        model.Node("Add", "stateN", "faded", "x");
        model.Node("ReduceMean", "y", ["stateN"], Ints("axes", 0), Int("keepdims", 0));
        return model.Write();
    }

    /// <summary><c>y[b, 1]</c> is the number of rows that the model saw.</summary>
    public static TinyModel RowCount()
    {
        var model = new TinyModel();
        model.Input("x", TensorProto.Types.DataType.Float, -1, 1);
        model.Output("y", -1, 1);
        model.Constant("zero", [0f], 1);
        model.Integers("first", 0);
        model.Node("Shape", "shape", "x");
        model.Node("Gather", "rows", "shape", "first");
        model.Node("Cast", "count", ["rows"], Int("to", (long)TensorProto.Types.DataType.Float));
        model.Node("Mul", "nothing", "x", "zero");
        model.Node("Add", "y", "nothing", "count");
        return model.Write();
    }

    /// <summary><c>y = log x</c>: not a number for a negative <c>x</c>.</summary>
    public static TinyModel Logarithm()
    {
        var model = new TinyModel();
        model.Input("x", TensorProto.Types.DataType.Float, -1, 2);
        model.Output("y", -1, 2);
        model.Node("Log", "y", "x");
        return model.Write();
    }

    /// <summary>Two <c>int64</c> rows of any length; out come their sum and, halved in length, nothing but the mean of their difference.</summary>
    public static TinyModel TwoByTwo()
    {
        var model = new TinyModel();
        model.Input("a", TensorProto.Types.DataType.Int64, -1, -2);
        model.Input("b", TensorProto.Types.DataType.Int64, -1, -2);
        model.Output("sum", -1, -2);
        model.Output("meanDifference", -1, 1);
        model.Node("Add", "total", "a", "b");
        model.Node("Cast", "sum", ["total"], Int("to", (long)TensorProto.Types.DataType.Float));
        model.Node("Sub", "gap", "a", "b");
        model.Node("Cast", "difference", ["gap"], Int("to", (long)TensorProto.Types.DataType.Float));
        model.Node("ReduceMean", "meanDifference", ["difference"], Ints("axes", 1), Int("keepdims", 1));
        return model.Write();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private TinyModel Write()
    {
        var model = new ModelProto { IrVersion = 7, Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        File.WriteAllBytes(Path, model.ToByteArray());
        return this;
    }

    private void Input(string name, TensorProto.Types.DataType type, params long[] shape) => _graph.Input.Add(Value(name, type, shape));

    private void Output(string name, params long[] shape) => _graph.Output.Add(Value(name, TensorProto.Types.DataType.Float, shape));

    private void Constant(string name, float[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
    }

    private void Integers(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.Add(values.Length);
        _graph.Initializer.Add(tensor);
    }

    private void Node(string operation, string output, params string[] inputs) => Node(operation, output, inputs, []);

    private void Node(string operation, string output, string[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
    }

    /// <param name="shape">Negative numbers are dimensions that differ from run to run.</param>
    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, long[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        foreach (var extent in shape)
        {
            tensor.Shape.Dim.Add(extent < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = $"n{-extent}" }
                : new TensorShapeProto.Types.Dimension { DimValue = extent });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
