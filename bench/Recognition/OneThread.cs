using MediaScore.Inference;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Benchmarks.Recognition;

internal static class OneThread
{
    public static InferenceSession Open(string path)
    {
        // Utterances have many lengths: like the server, no memory plan is kept for each.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        ByteProductPrecision.Keep(options);
        return new InferenceSession(path, options);
    }
}
