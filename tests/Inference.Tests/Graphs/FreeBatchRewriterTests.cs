using Google.Protobuf;
using MediaScore.Inference.Graphs;
using MediaScore.Inference.Tests.Catalog;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace MediaScore.Inference.Tests.Graphs;

public sealed class FreeBatchRewriterTests
{
    [Fact]
    public void A_graph_for_one_row_takes_many_rows_afterwards_and_answers_each_as_before()
    {
        var model = OneRow(new OnnxGraphBuilder("flatten", 13));
        using var before = new InferenceSession(model.ToByteArray());
        FreeBatchRewriter.Free(model.Graph);
        using var after = new InferenceSession(model.ToByteArray());

        Run(after, [1, 2, 3, 4, 5, 6, 7, 8], 2).ShouldBe([.. Run(before, [1, 2, 3, 4], 1), .. Run(before, [5, 6, 7, 8], 1)]);
    }

    [Fact]
    public void A_graph_that_does_not_begin_with_one_row_is_refused()
    {
        var model = ModelProto.Parser.ParseFrom(SmallGraph.Bytes());

        Should.Throw<InvalidDataException>(() => FreeBatchRewriter.Free(model.Graph)).Message.ShouldContain("edge 'x'");
    }

    [Fact]
    public void A_shape_that_something_else_computes_with_is_refused()
    {
        var model = OneRow(new OnnxGraphBuilder("flatten", 13));
        model.Graph.Node.Add(new NodeProto { OpType = "Identity", Input = { "shape" }, Output = { "copy" } });

        Should.Throw<InvalidDataException>(() => FreeBatchRewriter.Free(model.Graph)).Message.ShouldContain("'shape'");
    }

    /// <summary>[1, 2, 2] flattened by a shape that names the row, as PyTorch exports it.</summary>
    private static ModelProto OneRow(OnnxGraphBuilder builder)
    {
        builder.AddInput("x", [1, 2, 2]);
        builder.AddOutput("y", [1, 4]);
        builder.AddNode("Reshape", "y", ["x", builder.AddConstant("shape", [1, 4])]);
        return builder.Build();
    }

    private static float[] Run(InferenceSession session, float[] values, long rows)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(values, [rows, 2, 2]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [input], ["y"]);
        results[0].GetTensorTypeAndShape().Shape.ShouldBe([rows, 4]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
