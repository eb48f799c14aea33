using System.Text;
using System.Text.Json;

namespace MediaScore.Inference.Graphs.Tfjs;

/// <summary>A TensorFlow.js graph model: nodes in the order of their data, constants decoded, and the signature of its edges.</summary>
internal sealed class TfjsGraph
{
    private TfjsGraph(IReadOnlyList<TfjsNode> nodes, IReadOnlyDictionary<string, TfjsTensor> weights, IReadOnlyDictionary<string, long[]> outputs)
    {
        Nodes = nodes;
        Weights = weights;
        Outputs = outputs;
    }

    public IReadOnlyList<TfjsNode> Nodes { get; }

    public IReadOnlyDictionary<string, TfjsTensor> Weights { get; }

    /// <summary>Shapes of the outputs by node name, -1 for the batch; in the ordinal order of names.</summary>
    public IReadOnlyDictionary<string, long[]> Outputs { get; }

    /// <param name="topology">The <c>.json</c> file.</param>
    /// <param name="weights">The concatenated <c>.bin</c> files.</param>
    /// <exception cref="InvalidDataException">Not such a model, or a weight format that is not read.</exception>
    public static TfjsGraph Parse(ReadOnlyMemory<byte> topology, ReadOnlySpan<byte> weights)
    {
        try
        {
            using var document = JsonDocument.Parse(topology);
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != "graph-model")
                throw new InvalidDataException("the file is not a TensorFlow.js graph model");
            var nodes = root.GetProperty("modelTopology").GetProperty("node").EnumerateArray().Select(TfjsNode.Parse).ToList();
            return new TfjsGraph(Sort(nodes), TfjsWeights.Decode(root.GetProperty("weightsManifest"), weights), ParseOutputs(root));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"the file is not a TensorFlow.js graph model: {exception.Message}", exception);
        }
    }

    private static SortedDictionary<string, long[]> ParseOutputs(JsonElement root)
    {
        // Converters before 3.0 wrote the signature below userDefinedMetadata.
        if (!root.TryGetProperty("signature", out var signature))
            signature = root.GetProperty("userDefinedMetadata").GetProperty("signature");
        var outputs = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var output in signature.GetProperty("outputs").EnumerateObject())
        {
            var name = NodeName(output.Value.GetProperty("name").GetString()!);
            outputs[name] = TfjsNode.ParseShape(output.Value.GetProperty("tensorShape"));
        }

        return outputs;
    }

    /// <summary>Node of a reference: without the output's number and the caret of a control edge.</summary>
    internal static string NodeName(string reference)
    {
        var colon = reference.IndexOf(':');
        return (colon < 0 ? reference : reference[..colon]).TrimStart('^');
    }

    /// <summary>Depth-first by inputs; nodes that are ready at once stay in the file's order, so that the same file gives the same graph.</summary>
    private static List<TfjsNode> Sort(List<TfjsNode> nodes)
    {
        var byName = nodes.ToDictionary(node => node.Name);
        var sorted = new List<TfjsNode>(nodes.Count);
        var state = new Dictionary<string, bool>();
        // An explicit stack: these graphs are hundreds of nodes deep.
        var stack = new Stack<(TfjsNode Node, int NextInput)>();
        foreach (var root in nodes)
        {
            if (state.TryAdd(root.Name, false))
                stack.Push((root, 0));
            while (stack.Count > 0)
            {
                var (node, next) = stack.Pop();
                if (next == node.Inputs.Count)
                {
                    state[node.Name] = true;
                    sorted.Add(node);
                    continue;
                }

                stack.Push((node, next + 1));
                if (!byName.TryGetValue(node.Inputs[next], out var input))
                    throw new InvalidDataException($"node '{node.Name}' reads '{node.Inputs[next]}', which is no node");
                if (state.TryAdd(input.Name, false))
                    stack.Push((input, 0));
                else if (!state[input.Name])
                    throw new InvalidDataException($"node '{input.Name}' depends on itself");
            }
        }

        return sorted;
    }
}

/// <summary>A constant: floats, or integers (shapes, paddings, axes).</summary>
/// <param name="Shape">Row-major.</param>
/// <param name="Floats">Null for integers.</param>
/// <param name="Integers">Null for floats.</param>
internal sealed record TfjsTensor(IReadOnlyList<int> Shape, float[]? Floats, int[]? Integers);

/// <summary>One operation, with the attributes that converters write.</summary>
internal sealed class TfjsNode
{
    private readonly IReadOnlyDictionary<string, JsonElement> _attributes;

    private TfjsNode(string name, string operation, IReadOnlyList<string> inputs, IReadOnlyDictionary<string, JsonElement> attributes)
    {
        Name = name;
        Operation = operation;
        Inputs = inputs;
        _attributes = attributes;
    }

    public string Name { get; }

    public string Operation { get; }

    /// <summary>Names of nodes.</summary>
    public IReadOnlyList<string> Inputs { get; }

    public static TfjsNode Parse(JsonElement node) => new(
        node.GetProperty("name").GetString()!,
        node.GetProperty("op").GetString()!,
        node.TryGetProperty("input", out var inputs) ? [.. inputs.EnumerateArray().Select(input => TfjsGraph.NodeName(input.GetString()!))] : [],
        // Cloned: the document is disposed after parsing.
        node.TryGetProperty("attr", out var attributes) ? attributes.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.Clone()) : []);

    public static long[] ParseShape(JsonElement shape) =>
        shape.TryGetProperty("dim", out var extents) ? [.. extents.EnumerateArray().Select(extent => long.Parse(extent.GetProperty("size").GetString()!))] : [];

    public long[] Shape(string attribute) => ParseShape(Attribute(attribute).GetProperty("shape"));

    /// <summary>A list of integers; empty where the attribute is absent.</summary>
    public long[] Integers(string attribute) =>
        _attributes.TryGetValue(attribute, out var value) && value.GetProperty("list").TryGetProperty("i", out var list)
            ? [.. list.EnumerateArray().Select(item => long.Parse(item.GetString()!))]
            : [];

    public string Text(string attribute) => Decode(Attribute(attribute).GetProperty("s"));

    /// <summary>A list of strings; empty where the attribute is absent.</summary>
    public string[] Texts(string attribute) =>
        _attributes.TryGetValue(attribute, out var value) && value.GetProperty("list").TryGetProperty("s", out var list)
            ? [.. list.EnumerateArray().Select(Decode)]
            : [];

    public bool Flag(string attribute) =>
        _attributes.TryGetValue(attribute, out var value) && value.TryGetProperty("b", out var flag) && flag.GetBoolean();

    private JsonElement Attribute(string name) => _attributes.TryGetValue(name, out var value)
        ? value
        : throw new InvalidDataException($"node '{Name}' ({Operation}) has no attribute '{name}'");

    // Strings of the protobuf are bytes, which JSON carries as base64.
    private static string Decode(JsonElement value) => Encoding.UTF8.GetString(value.GetBytesFromBase64());
}
