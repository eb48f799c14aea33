using Google.Protobuf;
using MediaScore.Inference.Graphs;

namespace MediaScore.Inference.Tests.Catalog;

/// <summary>A graph of one node, <c>y = x + 1</c> over <c>[batch, 2]</c>.</summary>
internal static class SmallGraph
{
    public static byte[] Bytes(int opset = 13)
    {
        var builder = new OnnxGraphBuilder("small", opset);
        builder.AddInput("x", [-1, 2]);
        builder.AddOutput("y", [-1, 2]);
        builder.AddNode("Add", "y", ["x", builder.AddConstant("one", [1f, 1f], 2)]);
        return builder.Build().ToByteArray();
    }
}
