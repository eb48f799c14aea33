using MediaScore.Inference.Graphs;
using MediaScore.Inference.Tests.Catalog;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Graphs;

public sealed class OnnxHeaderTests
{
    [Theory]
    [InlineData(OnnxHeader.OldestOpset)]
    [InlineData(OnnxHeader.NewestOpset)]
    public void The_runtime_loads_both_ends_of_the_operator_sets(int opset)
    {
        using var session = new InferenceSession(SmallGraph.Bytes(opset));

        session.OutputNames.ShouldBe(["y"]);
    }

    [Fact]
    public void The_runtime_refuses_the_operator_set_after_the_newest() =>
        Should.Throw<OnnxRuntimeException>(() => new InferenceSession(SmallGraph.Bytes(OnnxHeader.NewestOpset + 1))).Message.ShouldContain("opset", Case.Insensitive);
}
