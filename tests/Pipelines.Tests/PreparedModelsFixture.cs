using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Language;
using MediaScore.Perception.Speech;
using MediaScore.Perception.Vision;
using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Pipelines.Tests;

/// <summary>The real models on a pool of one worker, loaded once for all tests that use them.</summary>
public sealed class PreparedModelsFixture : IAsyncLifetime
{
    public const string SkipReason = "Needs the prepared models: run `mediascore models prepare` or set MEDIASCORE_MODELS.";

    private InferencePool? _pool;
    private MoonshineRecognizer? _recognizer;

    public bool Available { get; private set; }

    public VoiceActivityDetector VoiceActivity { get; private set; } = null!;

    public ISpeechRecognizer Recognizer => _recognizer!;

    public SentenceEncoder Encoder { get; private set; } = null!;

    public FaceAnalyzer Faces { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        var catalog = Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json");
        if (!Directory.Exists(Path.Combine(SharedTestData.PreparedModels, "silero-vad")))
            return ValueTask.CompletedTask;
        var models = PreparedModels.Open(SharedTestData.PreparedModels, ModelCatalog.Load(catalog));
        _pool = new InferencePool(new InferenceOptions { WorkerCount = 1 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
        VoiceActivity = new VoiceActivityDetector(_pool, models.Get("silero-vad"));
        _recognizer = new MoonshineRecognizer(_pool, models.Get("moonshine-tiny-en"), models.Get("llama-vocabulary"));
        Encoder = new SentenceEncoder(_pool, models.Get("minilm-l6-en"));
        Faces = new FaceAnalyzer(_pool, models, new FaceAnalysisOptions());
        Available = true;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _recognizer?.Dispose();
        if (_pool is not null)
            await _pool.DisposeAsync();
    }
}

/// <summary>Tests with real models share the fixture and run one after the other: the machine's cores are the models'.</summary>
[CollectionDefinition(Name)]
public sealed class PreparedModelsTests : ICollectionFixture<PreparedModelsFixture>
{
    public const string Name = "prepared models";
}
