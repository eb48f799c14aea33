using MediaScore.Inference;

namespace MediaScore.Perception.Speech;

/// <summary>One stream of sound through a <see cref="VoiceActivityDetector"/>: its recurrent state and the last samples. One call at a time.</summary>
public sealed class VoiceActivityStream : IDisposable
{
    internal VoiceActivityStream()
    {
    }

    /// <summary>The probability that the window holds speech.</summary>
    /// <param name="samples">Exactly <see cref="VoiceActivityDetector.WindowSamples"/> samples, mono, 16 kHz, [-1, 1], right after those of the last call. Copied before the call returns.</param>
    /// <returns>0..1.</returns>
    public ValueTask<float> PushAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Not yet.");

    /// <summary>Many windows at once, as fast as the pool allows: the same probabilities as one by one.</summary>
    /// <param name="samples">A whole number of windows.</param>
    /// <param name="probabilities">One a window.</param>
    public ValueTask PushManyAsync(ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Not yet.");

    /// <summary>Forgets what was heard: the next window begins a new stream.</summary>
    public void Reset() => throw new NotSupportedException("Not yet.");

    public void Dispose()
    {
    }
}
