using MediaScore.Inference.Catalog;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.FaceDetectors;

/// <summary>One graph on one thread, with the time it took.</summary>
internal sealed class DetectorSession : IDisposable
{
    private readonly InferenceSession _session;

    public DetectorSession(PreparedModel model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(model.GraphPath, options);
    }

    public TimeSpan Elapsed { get; private set; }

    /// <returns>The outputs in the graph's order.</returns>
    public float[][] Run(float[] input, params long[] shape)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var options = new RunOptions();
        var start = TimeProvider.System.GetTimestamp();
        using var results = _session.Run(options, [_session.InputNames[0]], [value], _session.OutputNames);
        Elapsed += TimeProvider.System.GetElapsedTime(start);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    public void Dispose() => _session.Dispose();
}
