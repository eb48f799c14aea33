using BenchmarkDotNet.Attributes;
using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Benchmarks;

/// <summary>One 32 ms window of each stream.</summary>
[MemoryDiagnoser]
public class VoiceActivityBenchmarks
{
    private readonly float[] _window = BenchmarkModels.Noise(VoiceActivityDetector.WindowSamples, 2);
    private RawModel _raw = null!;
    private InferencePool _pool = null!;
    private VoiceActivityStream[] _streams = null!;
    private ValueTask<float>[] _answers = null!;

    [Params(1, 8, 32)]
    public int Streams { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _raw = RawModel.VoiceActivity(Streams);
        _pool = BenchmarkModels.OpenPool(1);
        var detector = new VoiceActivityDetector(_pool, BenchmarkModels.Find("silero-vad"), "bench");
        _streams = [.. Enumerable.Range(0, Streams).Select(number => detector.Open($"stream {number}"))];
        _answers = new ValueTask<float>[Streams];
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        foreach (var stream in _streams)
            stream.Dispose();
        await _pool.DisposeAsync();
        _raw.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Raw() => _raw.Run();

    [Benchmark]
    public async Task Pool()
    {
        for (var i = 0; i < _streams.Length; i++)
            _answers[i] = _streams[i].PushAsync(_window, RequestClass.Live);
        foreach (var answer in _answers)
            await answer;
    }
}
