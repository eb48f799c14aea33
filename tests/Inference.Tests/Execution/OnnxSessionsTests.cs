namespace MediaScore.Inference.Tests.Execution;

public sealed class OnnxSessionsTests
{
    /// <summary>They stay on the processor in a build for a card.</summary>
    [Fact]
    public void The_recognisers_graphs_multiply_bytes_and_no_other_does()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        var graphs = Directory.GetFiles(MediaScore.TestMedia.SharedTestData.PreparedModels, "*.onnx", SearchOption.AllDirectories);

        graphs.ShouldContain(path => path.Contains("moonshine", StringComparison.Ordinal));
        foreach (var path in graphs)
            OnnxSessions.HasByteProducts(path).ShouldBe(path.Contains("moonshine", StringComparison.Ordinal), path);
        OnnxSessions.HasByteProducts("there is none.onnx").ShouldBeFalse();
    }
}
