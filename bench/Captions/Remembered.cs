using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;

namespace MediaScore.Benchmarks.Captions;

/// <summary>The recogniser's answer is a function of the sound, so that other cuts of the same speech cost only what is cut differently.</summary>
internal sealed class RememberingRecognizer(ISpeechRecognizer recognizer) : ISpeechRecognizer
{
    private readonly ConcurrentDictionary<string, RecognizedSpeech> _answers = [];

    public string Language => recognizer.Language;

    public string ModelId => recognizer.ModelId;

    public string ModelVersion => recognizer.ModelVersion;

    public async ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(samples.Span)));
        if (!_answers.TryGetValue(key, out var answer))
            _answers[key] = answer = await recognizer.RecognizeAsync(samples, requestClass, cancellationToken);
        return answer;
    }
}

/// <summary>What the voice detector said of the same sound before.</summary>
internal sealed class RememberedActivity(float[] probabilities) : IVoiceActivity
{
    private int _next;

    public ValueTask PushManyAsync(ReadOnlyMemory<float> samples, Memory<float> answers, RequestClass requestClass, CancellationToken cancellationToken)
    {
        probabilities.AsMemory(_next, answers.Length).CopyTo(answers);
        _next += answers.Length;
        return ValueTask.CompletedTask;
    }

    public void Reset()
    {
    }

    public void Dispose()
    {
    }
}
