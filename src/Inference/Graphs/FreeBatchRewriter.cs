using System.Buffers.Binary;
using Google.Protobuf;
using Onnx;

namespace MediaScore.Inference.Graphs;

/// <summary>
/// Frees the batch of a graph that was exported for one row: source <c>model.onnx</c>, whose inputs and outputs begin with an extent of 1, becomes a
/// graph with any number of rows. Only what the exporter wrote down is changed: the declared extents, and constant shapes of Reshape that begin
/// with 1, which begin with 0 ("as the input", ONNX Reshape) afterwards. That rows stay apart is not proven here but by the model's
/// batch-invariance test.
/// </summary>
internal sealed class FreeBatchRewriter : IGraphRewriter
{
    private const string GraphFile = "model.onnx";

    public string Name => "free-batch";

    public int Revision => 1;

    public void Rewrite(IReadOnlyDictionary<string, string> sources, string outputFolder)
    {
        ModelProto model;
        using (var input = File.OpenRead(sources[GraphFile]))
            model = ModelProto.Parser.ParseFrom(input);
        Free(model.Graph);
        using var output = File.Create(Path.Combine(outputFolder, GraphFile));
        model.WriteTo(output);
    }

    internal static void Free(GraphProto graph)
    {
        var constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        foreach (var node in graph.Node.Where(node => node.OpType == "Constant"))
            constants[node.Output[0]] = node.Attribute.First(attribute => attribute.Name == "value").T;
        foreach (var edge in graph.Input.Where(input => !constants.ContainsKey(input.Name)).Concat(graph.Output))
            FreeExtent(edge);
        // Shapes between the edges were inferred for one row; the runtime infers them again.
        graph.ValueInfo.Clear();

        foreach (var shape in graph.Node.Where(node => node.OpType == "Reshape").Select(node => node.Input[1]).Distinct())
        {
            if (!constants.TryGetValue(shape, out var tensor))
                continue;
            if (graph.Node.Any(node => node.OpType != "Reshape" && node.Input.Contains(shape)))
                throw new InvalidDataException($"the shape '{shape}' is also used by another operation than Reshape");
            FreeShape(tensor);
        }
    }

    private static void FreeExtent(ValueInfoProto edge)
    {
        var extents = edge.Type.TensorType.Shape.Dim;
        if (extents.Count < 2 || extents[0].DimValue != 1)
            throw new InvalidDataException($"the edge '{edge.Name}' does not begin with one row");
        extents[0] = new TensorShapeProto.Types.Dimension { DimParam = "batch" };
    }

    private static void FreeShape(TensorProto shape)
    {
        if (shape.Int64Data.Count > 1 && shape.Int64Data[0] == 1)
        {
            shape.Int64Data[0] = 0;
        }
        else if (shape.RawData.Length > sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(shape.RawData.Span) == 1)
        {
            var bytes = shape.RawData.ToByteArray();
            BinaryPrimitives.WriteInt64LittleEndian(bytes, 0);
            shape.RawData = ByteString.CopyFrom(bytes);
        }
    }
}
