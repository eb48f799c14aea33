using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.MediaServer.Configuration;
using MediaScore.Perception.Language;
using MediaScore.Perception.Speech;
using MediaScore.Perception.Vision;

namespace MediaScore.MediaServer.Hosting;

/// <summary>The models of this process on its one pool. A missing one is a fault with its cure, and the rest is there all the same.</summary>
internal sealed class ModelSet : IAsyncDisposable
{
    private const string EmbedderId = "face-embedder";

    // Beside the detector. An interview needs none of them.
    private static readonly string[] DoorModels = ["face-mesh", EmbedderId, "face-liveness"];

    private readonly List<string> _faults = [];
    private readonly List<IDisposable> _recognizers = [];
    private PreparedModels? _prepared;

    private ModelSet(InferencePool pool) => Pool = pool;

    public InferencePool Pool { get; }

    public VoiceActivityDetector? VoiceActivity { get; private set; }

    public SpeechRecognizers? Recognizers { get; private set; }

    public SentenceEncoder? Encoder { get; private set; }

    /// <summary>Null where a face model is missing; <see cref="WhyNoFaces"/> then says which.</summary>
    public FaceAnalyzer? Faces { get; private set; }

    public string? WhyNoFaces { get; private set; }

    /// <summary>Which weights tell faces apart; null while they are missing. Looks, and loads nothing.</summary>
    public ModelIdentity? FaceEmbedder => _prepared?.TryGet(EmbedderId, out var model, out _) == true ? new ModelIdentity(model.Id, model.Version) : null;

    /// <summary>What face terminals miss, each with the command that mends it; empty where all is there. The server takes interviews all the same.</summary>
    public IReadOnlyList<string> DoorFaults { get; private set; } = [];

    /// <summary>What is missing, each with the command that mends it; empty where all is there.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Loads everything; two to four seconds.</summary>
    public static ModelSet Load(IConfiguration configuration, TimeProvider time, ILoggerFactory loggers)
    {
        var options = MediaScoreSettings.Get<InferenceOptions>(configuration, "Inference");
        var set = new ModelSet(new InferencePool(options, time, loggers.CreateLogger<InferencePool>()));
        PreparedModels models;
        try
        {
            models = new ModelFolders(configuration).OpenPrepared();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            set._faults.Add(e.Message);
            (set.WhyNoFaces, set.DoorFaults) = (e.Message, [e.Message]);
            return set;
        }

        set._prepared = models;
        set.Load(models, configuration);
        return set;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var recognizer in _recognizers)
            recognizer.Dispose();
        await Pool.DisposeAsync();
    }

    private void Load(PreparedModels models, IConfiguration configuration)
    {
        Try(() =>
        {
            var model = models.Get("silero-vad");
            VoiceActivity = new VoiceActivityDetector(Pool, model.GraphPath, model.Version);
        });
        Try(() =>
        {
            var model = models.Get("minilm-l6-en");
            Encoder = new SentenceEncoder(Pool, model.GraphPath, model.PathOf("vocab.txt"), model.Version);
        });
        Try(() =>
        {
            // The detector is asked for by nearly every interview; what only some permit is loaded when it is first wanted.
            var faces = new FaceAnalyzer(Pool, models, MediaScoreSettings.Get<FaceAnalysisOptions>(configuration, "Faces"));
            faces.Prepare(FaceFeatures.Presence);
            Faces = faces;
        });
        WhyNoFaces = Faces is null ? "no face models; run: mediascore models prepare" : null;
        // Looked for, not loaded: most servers have no door, and whoever wants one of them first waits for it.
        var missing = DoorModels.Select(id => models.TryGet(id, out _, out var problem) ? "" : problem).Where(problem => problem.Length > 0);
        DoorFaults = WhyNoFaces is { } why ? [why, .. missing] : [.. missing];
        var recognizers = new List<(string, ISpeechRecognizer)>();
        Try(() => recognizers.Add((SpeechRecognizers.DefaultTier, Own(new MoonshineRecognizer(Pool, models.Get("moonshine-tiny-en"), models.Get("llama-vocabulary"))))));
        Try(() => recognizers.Add((SpeechRecognizers.AccurateTier, Own(new OnDemandRecognizer(Pool, models, "moonshine-base-en")))));
        if (recognizers.Count > 0)
            Recognizers = new SpeechRecognizers(recognizers);
    }

    private T Own<T>(T recognizer)
        where T : IDisposable
    {
        _recognizers.Add(recognizer);
        return recognizer;
    }

    private void Try(Action load)
    {
        try
        {
            load();
        }
        catch (ModelUnavailableException e)
        {
            _faults.Add(e.Message);
        }
    }
}
