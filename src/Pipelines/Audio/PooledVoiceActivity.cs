using System.Runtime.CompilerServices;
using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Pipelines.Audio;

/// <summary>The detector's stream on the shared pool.</summary>
internal sealed class PooledVoiceActivity(VoiceActivityStream stream) : IVoiceActivity
{
    public ValueTask PushManyAsync(ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken) =>
        probabilities.Length == 1
            ? PushOneAsync(samples, probabilities, requestClass, cancellationToken)
            : stream.PushManyAsync(samples, probabilities, requestClass, cancellationToken);

    public void Reset() => stream.Reset();

    public void Dispose() => stream.Dispose();

    // The live case, once in 32 ms: the call for one window allocates nothing.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PushOneAsync(
        ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var probability = await stream.PushAsync(samples, requestClass, cancellationToken);
        probabilities.Span[0] = probability;
    }
}
