using MediaScore.Inference.Catalog;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Execution;

public sealed class ByteProductPrecisionTests
{
    [Theory]
    [InlineData("moonshine-tiny-en")]
    [InlineData("moonshine-base-en")]
    public void A_processor_without_exact_signed_products_gives_the_same_bits(string id)
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        Assert.SkipWhen(ByteProductPrecision.MayOverflow, "Needs a processor with VNNI to compare with.");
        var path = PreparedModelFolder.Open().Get(id).PathOf("encoder.onnx");
        var sound = new SeededNumbers(11);
        var samples = Enumerable.Range(0, 40_000).Select(_ => (float)(sound.NextUnit() - 0.5) * 0.2f).ToArray();

        var exact = Encode(path, samples, ByteProductPrecision.Keep);
        var turned = Encode(path, samples, ByteProductPrecision.Force);

        turned.AsSpan().SequenceEqual(exact).ShouldBeTrue();
    }

    private static float[] Encode(string path, float[] samples, Action<SessionOptions> configure)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        configure(options);
        using var session = new InferenceSession(path, options);
        using var runOptions = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(samples, [1, samples.Length]);
        using var output = session.Run(runOptions, ["input_values"], [input], ["last_hidden_state"]);
        return output[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
