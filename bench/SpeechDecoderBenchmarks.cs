using BenchmarkDotNet.Attributes;
using MediaScore.Inference;

namespace MediaScore.Benchmarks;

/// <summary>
/// Moonshine tiny's decoder on utterances of five seconds that end together at thirty tokens: stepped by this thread alone, and by a worker of the pool.
/// </summary>
[MemoryDiagnoser]
public class SpeechDecoderBenchmarks
{
    private SpeechDecoding _raw = null!;
    private SpeechDecoding _pooled = null!;
    private InferencePool _pool = null!;

    [Params(1, 8, 16)]
    public int Utterances { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _pool = BenchmarkModels.OpenPool(1);
        var states = await SpeechDecoding.EncodeAsync(_pool);
        _raw = new SpeechDecoding(states, null);
        _pooled = new SpeechDecoding(states, _pool);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _raw.Dispose();
        _pooled.Dispose();
        await _pool.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public async Task<int> Raw() => await _raw.RunAsync(Utterances);

    [Benchmark]
    public async Task<int> Pool() => await _pooled.RunAsync(Utterances);
}
