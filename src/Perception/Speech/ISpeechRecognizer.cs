using MediaScore.Inference;

namespace MediaScore.Perception.Speech;

/// <summary>Turns one utterance into text. Safe to call from many threads at once: calls share batches, and no call's answer depends on the others.</summary>
public interface ISpeechRecognizer
{
    /// <summary>BCP 47 language of the model, <c>en</c>.</summary>
    string Language { get; }

    /// <summary>Catalog id, <c>moonshine-tiny-en</c>.</summary>
    string ModelId { get; }

    /// <summary>Package version and first eight digits of the weights' SHA-256, <c>0.1.29+c6fc4b7b</c>.</summary>
    string ModelVersion { get; }

    /// <summary>Recognises one utterance.</summary>
    /// <param name="samples">
    /// Mono, 16 kHz, -1 to 1, at most <see cref="MoonshineRecognizer.LongestUtterance"/>; read until the task completes, so the caller keeps the buffer that long.
    /// Shorter than 0.1 s is padded with silence; empty gives an empty answer.
    /// </param>
    /// <param name="requestClass">Live utterances are served before deferred ones.</param>
    /// <exception cref="ArgumentException">The utterance is longer than the limit: the caller cuts first.</exception>
    ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken);

    /// <summary>
    /// The same answer, asked for ahead of time: it is not due before <paramref name="ahead"/> has passed, and until then requests that are due earlier go first.
    /// </summary>
    /// <inheritdoc cref="RecognizeAsync(ReadOnlyMemory{float}, RequestClass, CancellationToken)"/>
    ValueTask<RecognizedSpeech> RecognizeAheadAsync(
        ReadOnlyMemory<float> samples, RequestClass requestClass, TimeSpan ahead, CancellationToken cancellationToken) =>
        RecognizeAsync(samples, requestClass, cancellationToken);
}
