using System.Collections.Concurrent;
using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Pipelines.Tests.Audio;

/// <summary>Writes what the test says, when the test says.</summary>
internal sealed class ScriptedRecognizer(Func<int, Task<RecognizedSpeech>> answer) : ISpeechRecognizer
{
    private int _calls;

    public ScriptedRecognizer(string text = "yes, it works.")
        : this(_ => Task.FromResult(Speech(text)))
    {
    }

    public string Language => "en";

    public string ModelId => "scripted";

    public string ModelVersion => "1";

    public int CallCount => _calls;

    public ConcurrentQueue<int> SampleCounts { get; } = new();

    public ConcurrentQueue<RequestClass> Classes { get; } = new();

    public static RecognizedSpeech Speech(string text, double meanLogProbability = -0.1, bool hitTokenLimit = false, TokenRepetition repetition = default) =>
        new(text, [.. text.Split(' ').Select((word, i) => new RecognizedToken(i, word, (float)meanLogProbability))], meanLogProbability, hitTokenLimit, repetition);

    public async ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken)
    {
        SampleCounts.Enqueue(samples.Length);
        Classes.Enqueue(requestClass);
        return await answer(Interlocked.Increment(ref _calls) - 1).WaitAsync(cancellationToken);
    }
}
