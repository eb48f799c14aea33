using BenchmarkDotNet.Attributes;
using MediaScore.Inference;

namespace MediaScore.Benchmarks;

/// <summary>Moonshine tiny's encoder on one utterance of five seconds.</summary>
[MemoryDiagnoser]
public class SpeechEncoderBenchmarks
{
    internal const int SampleCount = 5 * 16_000;

    // As MODELS.md has it: floor(floor(floor((n - 127) / 64) / 3) / 2) - 1.
    internal const int FrameCount = ((SampleCount - 127) / 64 / 3 / 2) - 1;

    private readonly float[] _sound = BenchmarkModels.Noise(SampleCount, 3);
    private readonly float[] _states = new float[FrameCount * 288];
    private RawModel _raw = null!;
    private InferencePool _pool = null!;
    private ModelHandle _model = null!;

    [GlobalSetup]
    public void Setup()
    {
        _raw = RawModel.SpeechEncoder(SampleCount, FrameCount);
        _pool = BenchmarkModels.OpenPool(1);
        _model = _pool.Load(new ModelLoad("encoder", BenchmarkModels.Find("moonshine-tiny-en", "encoder.onnx")) { VaryingShapes = true });
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _pool.DisposeAsync();
        _raw.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Raw() => _raw.Run();

    [Benchmark]
    public async Task Pool() => await _pool.RunAsync(_model, new RowInput(_sound, new RowShape(SampleCount)), _states, RequestClass.Live);
}
