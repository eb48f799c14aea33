using Onnx;
using static MediaScore.Inference.Graphs.OnnxGraphBuilder;

namespace MediaScore.Inference.Graphs.Tfjs;

/// <summary>
/// Converts a TensorFlow.js graph model to ONNX, operation by operation, for the twenty-one kinds that MediaPipe's face models use. Tensors keep
/// TensorFlow's order (batch, height, width, channels): convolutions, pools and slopes, which ONNX wants channels first, stand between two
/// transpositions, and ONNX Runtime cancels those of neighbours when it loads the graph. A batch that the source fixes at one row becomes free.
/// </summary>
internal sealed class TfjsConverter
{
    public const int Opset = 13;

    private readonly TfjsGraph _graph;
    private readonly OnnxGraphBuilder _builder = new("tfjs", Opset);

    private TfjsConverter(TfjsGraph graph) => _graph = graph;

    /// <exception cref="InvalidDataException">An operation, type or option that is not converted; the message names the node.</exception>
    public static ModelProto Convert(TfjsGraph graph)
    {
        var converter = new TfjsConverter(graph);
        foreach (var node in graph.Nodes)
            converter.Convert(node);
        foreach (var (name, shape) in graph.Outputs)
            converter._builder.AddOutput(name, FreeBatch(shape));
        return converter._builder.Build();
    }

    private void Convert(TfjsNode node)
    {
        switch (node.Operation)
        {
            case "Const":
                // Written where it is used, in the order and type that its user wants.
                break;
            case "Placeholder":
                _builder.AddInput(node.Name, FreeBatch(node.Shape("shape")));
                break;
            case "Add" or "AddV2":
                Map(node, "Add");
                break;
            case "Mul":
                Map(node, "Mul");
                break;
            case "Maximum":
                Map(node, "Max");
                break;
            case "Minimum":
                Map(node, "Min");
                break;
            case "Relu" or "Sigmoid" or "Identity":
                Map(node, node.Operation);
                break;
            case "Softmax":
                Map(node, "Softmax", Int("axis", -1));
                break;
            case "Prelu":
                FromChannelsFirst(node, AddSlope(node, ToChannelsFirst(node, node.Inputs[0]), node.Inputs[1]));
                break;
            case "Reshape":
                _builder.AddNode("Reshape", node.Name, [Value(node, 0), AddFreeShape(node)]);
                break;
            case "Pad":
                _builder.AddNode("Pad", node.Name, [Value(node, 0), AddPads(node)]);
                break;
            case "ConcatV2":
                _builder.AddNode("Concat", node.Name, Enumerable.Range(0, node.Inputs.Count - 1).Select(index => Value(node, index)), Int("axis", ConstantIntegers(node, node.Inputs.Count - 1)[0]));
                break;
            case "Mean":
                _builder.AddNode(
                    "ReduceMean", node.Name, [Value(node, 0)],
                    Ints("axes", [.. ConstantIntegers(node, 1).Select(axis => (long)axis)]), Int("keepdims", node.Flag("keep_dims") ? 1 : 0));
                break;
            case "MaxPool":
                FromChannelsFirst(node, _builder.AddNode(
                    "MaxPool", node.Name + "/pool", [ToChannelsFirst(node, node.Inputs[0])],
                    Ints("kernel_shape", Spatial(node, "ksize")), Ints("strides", Spatial(node, "strides")), Padding(node)));
                break;
            case "Conv2D" or "_FusedConv2D":
                Convolve(node, depthwise: false);
                break;
            case "DepthwiseConv2dNative":
                Convolve(node, depthwise: true);
                break;
            case "_FusedMatMul":
                Multiply(node);
                break;
            default:
                throw new InvalidDataException($"node '{node.Name}' is a {node.Operation}, which is not converted");
        }
    }

    private void Map(TfjsNode node, string operation, params AttributeProto[] attributes) =>
        _builder.AddNode(operation, node.Name, Enumerable.Range(0, node.Inputs.Count).Select(index => Value(node, index)), attributes);

    private void Convolve(TfjsNode node, bool depthwise)
    {
        if (node.Integers("dilations").Any(dilation => dilation != 1))
            throw new InvalidDataException($"node '{node.Name}' is dilated, which is not converted");
        var kernel = ConstantFloats(node, 1);
        var (height, width, third, fourth) = (kernel.Shape[0], kernel.Shape[1], kernel.Shape[2], kernel.Shape[3]);
        var weights = depthwise
            ? _builder.AddConstant(node.Name + "/kernel", KernelLayout.ToGrouped(kernel.Floats, height, width, third, fourth), third * fourth, 1, height, width)
            : _builder.AddConstant(node.Name + "/kernel", KernelLayout.ToConvolution(kernel.Floats, height, width, third, fourth), fourth, third, height, width);
        var fused = node.Texts("fused_ops");
        List<string> inputs = [ToChannelsFirst(node, node.Inputs[0]), weights];
        if (fused is ["BiasAdd", ..])
        {
            var bias = ConstantFloats(node, 2);
            inputs.Add(_builder.AddConstant(node.Name + "/bias", bias.Floats, bias.Floats!.Length));
        }

        var result = _builder.AddNode(
            "Conv", node.Name + "/convolution", inputs,
            Ints("kernel_shape", height, width), Ints("strides", Spatial(node, "strides")), Int("group", depthwise ? third : 1), Padding(node));
        result = fused switch
        {
            [] or ["BiasAdd"] => result,
            ["BiasAdd", "Relu"] => _builder.AddNode("Relu", node.Name + "/activation", [result]),
            ["BiasAdd", "Prelu"] => AddSlope(node, result, node.Inputs[3]),
            _ => throw new InvalidDataException($"node '{node.Name}' fuses {string.Join('+', fused)}, which is not converted"),
        };
        FromChannelsFirst(node, result);
    }

    private void Multiply(TfjsNode node)
    {
        if (node.Flag("transpose_a") || node.Flag("transpose_b"))
            throw new InvalidDataException($"node '{node.Name}' transposes a factor, which is not converted");
        var product = _builder.AddNode("MatMul", node.Name + "/product", [Value(node, 0), Value(node, 1)]);
        var fused = node.Texts("fused_ops");
        switch (fused)
        {
            case ["BiasAdd"]:
                _builder.AddNode("Add", node.Name, [product, Value(node, 2)]);
                break;
            case ["BiasAdd", "Relu"]:
                _builder.AddNode("Relu", node.Name, [_builder.AddNode("Add", node.Name + "/sum", [product, Value(node, 2)])]);
                break;
            default:
                throw new InvalidDataException($"node '{node.Name}' fuses {string.Join('+', fused)}, which is not converted");
        }
    }

    /// <summary>PRelu with one slope a channel, on a tensor that is channels first.</summary>
    private string AddSlope(TfjsNode node, string channelsFirst, string slopeName)
    {
        var slope = _graph.Weights.GetValueOrDefault(slopeName)?.Floats;
        if (slope is null || _graph.Weights[slopeName].Shape is not [1, 1, var channels] || channels != slope.Length)
            throw new InvalidDataException($"node '{node.Name}' has a slope that is not one constant a channel, which is not converted");
        return _builder.AddNode("PRelu", node.Name + "/slope", [channelsFirst, _builder.AddConstant(node.Name + "/slopes", slope, channels, 1, 1)]);
    }

    private string ToChannelsFirst(TfjsNode node, string input) =>
        _builder.AddNode("Transpose", node.Name + "/channels-first", [input], Ints("perm", 0, 3, 1, 2));

    private void FromChannelsFirst(TfjsNode node, string channelsFirst) =>
        _builder.AddNode("Transpose", node.Name, [channelsFirst], Ints("perm", 0, 2, 3, 1));

    /// <summary>The value of an input; a constant is written for this use.</summary>
    private string Value(TfjsNode node, int index)
    {
        var name = node.Inputs[index];
        return _graph.Weights.ContainsKey(name)
            ? _builder.AddConstant($"{node.Name}/constant-{index}", ConstantFloats(node, index).Floats, [.. _graph.Weights[name].Shape.Select(extent => (long)extent)])
            : name;
    }

    private TfjsTensor ConstantFloats(TfjsNode node, int index) =>
        _graph.Weights.TryGetValue(node.Inputs[index], out var tensor) && tensor.Floats is not null
            ? tensor
            : throw new InvalidDataException($"node '{node.Name}' ({node.Operation}) has an input {index} that is no constant of floats, which is not converted");

    private int[] ConstantIntegers(TfjsNode node, int index) =>
        _graph.Weights.TryGetValue(node.Inputs[index], out var tensor) && tensor.Integers is { } integers
            ? integers
            : throw new InvalidDataException($"node '{node.Name}' ({node.Operation}) has an input {index} that is no constant of integers, which is not converted");

    private string AddFreeShape(TfjsNode node)
    {
        var shape = ConstantIntegers(node, 1).Select(extent => (long)extent).ToArray();
        // 0 copies the extent of the input: the batch, which the source may have fixed at 1.
        if (shape is [1, _, ..])
            shape[0] = 0;
        return _builder.AddConstant(node.Name + "/shape", shape);
    }

    /// <summary>TensorFlow lists begin and end axis by axis, ONNX all begins, then all ends.</summary>
    private string AddPads(TfjsNode node)
    {
        var pairs = ConstantIntegers(node, 1);
        return _builder.AddConstant(
            node.Name + "/pads",
            [.. pairs.Where((_, index) => index % 2 == 0).Concat(pairs.Where((_, index) => index % 2 == 1)).Select(pad => (long)pad)]);
    }

    private static long[] Spatial(TfjsNode node, string attribute) => node.Integers(attribute) is [1, var height, var width, 1]
        ? [height, width]
        : throw new InvalidDataException($"node '{node.Name}' has {attribute} over batch or channels, which is not converted");

    private static AttributeProto Padding(TfjsNode node)
    {
        if (node.Text("data_format") != "NHWC")
            throw new InvalidDataException($"node '{node.Name}' is not channels last, which is not converted");
        return Text("auto_pad", node.Text("padding") switch
        {
            // TensorFlow puts the odd pixel at the end, as SAME_UPPER does.
            "SAME" => "SAME_UPPER",
            "VALID" => "VALID",
            var other => throw new InvalidDataException($"node '{node.Name}' pads {other}, which is not converted"),
        });
    }

    private static long[] FreeBatch(long[] shape) => shape is [] ? [] : [-1, .. shape.Skip(1)];
}
