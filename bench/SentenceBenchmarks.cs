using BenchmarkDotNet.Attributes;
using MediaScore.Inference;
using MediaScore.Perception.Language;

namespace MediaScore.Benchmarks;

/// <summary>Sentences of twelve word pieces. The pool's side includes the tokenizer and the mean over the tokens.</summary>
[MemoryDiagnoser]
public class SentenceBenchmarks
{
    internal const string Text = "I apologized and asked the kitchen how long it takes";
    internal const int TokenCount = 12;

    private RawModel _raw = null!;
    private InferencePool _pool = null!;
    private SentenceEncoder _encoder = null!;
    private string[] _texts = null!;

    [Params(1, 8)]
    public int Sentences { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _raw = RawModel.Sentence(Sentences, TokenCount);
        _pool = BenchmarkModels.OpenPool(1);
        _encoder = new SentenceEncoder(_pool, BenchmarkModels.Find("minilm-l6-en"), BenchmarkModels.Find("minilm-l6-en", "vocab.txt"), "bench");
        _texts = [.. Enumerable.Repeat(Text, Sentences)];
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
    public async Task Pool() => await _encoder.EncodeManyAsync(_texts, RequestClass.Deferred);
}
