using MediaScore.TestMedia;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Execution;

/// <summary>The prepared graphs of Moonshine tiny, where this machine has them.</summary>
internal static class PreparedMoonshine
{
    public const string SkipReason = "Needs the prepared models: ./mediascore models prepare, or MEDIASCORE_MODELS.";
    public const int MaxTokens = 128;
    public const int MaxFrames = 700;

    public static string DecoderPath { get; } = PathOf("decoder_merged.onnx");

    private static readonly Lazy<InferenceSession> Encoder = new(() => Open("encoder.onnx"));

    public static bool IsThere { get; } = File.Exists(PathOf("encoder.onnx")) && File.Exists(DecoderPath);

    public static AutoregressiveLoad Load(int maxBatch) => new("moonshine-tiny-en/decoder", DecoderPath)
    {
        MaxBatch = maxBatch,
        MaxFrames = MaxFrames,
        MaxTokens = MaxTokens,
        StartToken = 1,
        EndToken = 2,
    };

    public static InferenceSession Open(string file)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        ByteProductPrecision.Keep(options);
        return new InferenceSession(PathOf(file), options);
    }

    /// <summary>Encoder output <c>[frames, 288]</c>.</summary>
    public static float[] Encode(float[] samples)
    {
        using var runOptions = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(samples, [1, samples.Length]);
        using var output = Encoder.Value.Run(runOptions, ["input_values"], [input], ["last_hidden_state"]);
        return output[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static string PathOf(string file) => Path.Combine(SharedTestData.PreparedModels, "moonshine-tiny-en", file);
}
