using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Pipelines.Audio;

/// <summary>The detector's stream on the shared pool.</summary>
internal sealed class PooledVoiceActivity(VoiceActivityStream stream) : IVoiceActivity
{
    // One window is the live case, once in 32 ms of every interview: nothing is allocated for it.
    public ValueTask PushManyAsync(ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken) =>
        probabilities.Length == 1
            ? stream.PushAsync(samples, probabilities, requestClass, cancellationToken)
            : stream.PushManyAsync(samples, probabilities, requestClass, cancellationToken);

    public void Reset() => stream.Reset();

    public void Dispose() => stream.Dispose();
}
