using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace MediaScore.Inference.Tests.Graphs.Tfjs;

/// <summary>Writes small TensorFlow.js graph models as their converter does: JSON nodes with base64 strings, and weights one after the other.</summary>
internal sealed class TfjsModelText
{
    private readonly JsonArray _nodes = [];
    private readonly JsonArray _weights = [];
    private readonly List<byte> _bytes = [];

    public static JsonObject Texts(params string[] texts) =>
        new() { ["list"] = new JsonObject { ["s"] = new JsonArray([.. texts.Select(text => (JsonNode)Base64(text))]) } };

    public void Input(string name, params int[] shape) => Node(name, "Placeholder", [], ("shape", new JsonObject { ["shape"] = Shape(shape) }));

    public void Weights(string name, int[] shape, params float[] values) => Weight(name, shape, "float32", null, MemoryMarshal.AsBytes(values.AsSpan()));

    public void HalfWeights(string name, int[] shape, params Half[] values) => Weight(name, shape, "float32", "float16", MemoryMarshal.AsBytes(values.AsSpan()));

    public void Integers(string name, int[] shape, params int[] values) => Weight(name, shape, "int32", null, MemoryMarshal.AsBytes(values.AsSpan()));

    public void Node(string name, string operation, string[] inputs, params (string Name, JsonObject Value)[] attributes) => _nodes.Add(new JsonObject
    {
        ["name"] = name,
        ["op"] = operation,
        ["input"] = new JsonArray([.. inputs.Select(input => (JsonNode)input)]),
        ["attr"] = new JsonObject(attributes.Select(attribute => KeyValuePair.Create(attribute.Name, (JsonNode?)attribute.Value))),
    });

    public void Convolution(string name, string operation, string[] inputs, string padding, int stride, params string[] fused) => Node(
        name, operation, inputs,
        ("strides", Integers(1, stride, stride, 1)), ("dilations", Integers(1, 1, 1, 1)), ("data_format", Text("NHWC")), ("padding", Text(padding)), ("fused_ops", Texts(fused)));

    public void Pool(string name, string input, string padding, int window) => Node(
        name, "MaxPool", [input], ("ksize", Integers(1, window, window, 1)), ("strides", Integers(1, window, window, 1)), ("data_format", Text("NHWC")), ("padding", Text(padding)));

    /// <param name="output">Node whose value is the model's only output, of any shape.</param>
    public byte[] Topology(string output) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["format"] = "graph-model",
        ["signature"] = new JsonObject { ["outputs"] = new JsonObject { [output] = new JsonObject { ["name"] = output + ":0", ["tensorShape"] = new JsonObject() } } },
        ["modelTopology"] = new JsonObject { ["node"] = _nodes.DeepClone() },
        ["weightsManifest"] = new JsonArray(new JsonObject { ["weights"] = _weights.DeepClone() }),
    }.ToJsonString());

    public byte[] WeightBytes() => [.. _bytes];

    private void Weight(string name, int[] shape, string type, string? stored, ReadOnlySpan<byte> values)
    {
        Node(name, "Const", []);
        var weight = new JsonObject { ["name"] = name, ["shape"] = new JsonArray([.. shape.Select(extent => (JsonNode)extent)]), ["dtype"] = type };
        if (stored is not null)
            weight["quantization"] = new JsonObject { ["dtype"] = stored, ["original_dtype"] = type };
        _weights.Add(weight);
        _bytes.AddRange(values);
    }

    private static JsonObject Shape(int[] shape) =>
        new() { ["dim"] = new JsonArray([.. shape.Select(extent => (JsonNode)new JsonObject { ["size"] = extent.ToString() })]) };

    private static JsonObject Integers(params int[] values) =>
        new() { ["list"] = new JsonObject { ["i"] = new JsonArray([.. values.Select(value => (JsonNode)value.ToString())]) } };

    private static JsonObject Text(string text) => new() { ["s"] = Base64(text) };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
