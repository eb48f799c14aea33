using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Pipelines.Audio;

/// <summary>The detector's stream on the shared pool.</summary>
internal sealed class PooledVoiceActivity(VoiceActivityStream stream) : IVoiceActivity
{
    public ValueTask PushManyAsync(ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken) =>
        stream.PushManyAsync(samples, probabilities, requestClass, cancellationToken);

    public void Reset() => stream.Reset();

    public void Dispose() => stream.Dispose();
}
