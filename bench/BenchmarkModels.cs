using MediaScore.Inference;
using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Benchmarks;

/// <summary>The prepared models, and a pool as the server makes it.</summary>
internal static class BenchmarkModels
{
    /// <exception cref="FileNotFoundException">Says which command makes it.</exception>
    public static string Find(string id, string file = "model.onnx")
    {
        var path = Path.Combine(SharedTestData.PreparedModels, id, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"Needs {path}: run 'mediascore models prepare', or set MEDIASCORE_MODELS.");
    }

    /// <param name="liveBatchWaitMs">Null leaves the default.</param>
    public static InferencePool OpenPool(int workerCount = 0, int? liveBatchWaitMs = null) =>
        new(new InferenceOptions { WorkerCount = workerCount, LiveBatchWaitMs = liveBatchWaitMs ?? new InferenceOptions().LiveBatchWaitMs }, TimeProvider.System, NullLogger<InferencePool>.Instance);

    public static float[] Noise(int sampleCount, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, sampleCount).Select(_ => ((float)random.NextDouble() - 0.5f) * 0.2f)];
    }
}
