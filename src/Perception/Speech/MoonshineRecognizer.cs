using MediaScore.Inference;

namespace MediaScore.Perception.Speech;

/// <summary>Moonshine (Jeffries et al. 2024, arXiv:2410.15608), tiny or base, on the shared pool.</summary>
public sealed class MoonshineRecognizer : ISpeechRecognizer
{
    /// <summary>Longest utterance that the model is asked to hear. The pipeline cuts at 15 s; the model was trained on 4 to 30 s.</summary>
    public static readonly TimeSpan LongestUtterance = TimeSpan.FromSeconds(30);

    public string Language => "en";

    public string ModelId => throw new NotSupportedException("The recogniser is not wired to the pool yet.");

    public string ModelVersion => throw new NotSupportedException("The recogniser is not wired to the pool yet.");

    public ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The recogniser is not wired to the pool yet.");
}
