using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Speech;

namespace MediaScore.MediaServer.Hosting;

/// <summary>A recogniser whose weights (base: 250 MB in memory) are loaded when somebody first asks for it. Thread-safe.</summary>
internal sealed class OnDemandRecognizer(InferencePool pool, PreparedModels models, string modelId) : ISpeechRecognizer, IDisposable
{
    // The files are checked now: what is missing must show at start, not in the middle of an interview.
    private readonly PreparedModel _model = models.Get(modelId);
    private readonly Lazy<MoonshineRecognizer> _recognizer = new(() => new MoonshineRecognizer(pool, models.Get(modelId), models.Get("llama-vocabulary")));

    public string Language => _model.Description.Language;

    public string ModelId => _model.Id;

    public string ModelVersion => _model.Version;

    public ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken) =>
        _recognizer.Value.RecognizeAsync(samples, requestClass, cancellationToken);

    public ValueTask<RecognizedSpeech> RecognizeAheadAsync(
        ReadOnlyMemory<float> samples, RequestClass requestClass, TimeSpan ahead, CancellationToken cancellationToken) =>
        _recognizer.Value.RecognizeAheadAsync(samples, requestClass, ahead, cancellationToken);

    public void Dispose()
    {
        if (_recognizer.IsValueCreated)
            _recognizer.Value.Dispose();
    }
}
