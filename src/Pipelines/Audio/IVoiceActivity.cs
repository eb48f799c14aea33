using MediaScore.Inference;

namespace MediaScore.Pipelines.Audio;

/// <summary>Speech probabilities of consecutive 32 ms windows: the detector's stream, or a script in tests of what follows it.</summary>
internal interface IVoiceActivity : IDisposable
{
    /// <param name="samples">A whole number of windows of 512 samples.</param>
    /// <param name="probabilities">One a window.</param>
    ValueTask PushManyAsync(ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken);

    /// <summary>The next window does not follow the last one.</summary>
    void Reset();
}
