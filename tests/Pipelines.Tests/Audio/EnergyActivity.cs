using MediaScore.Inference;
using MediaScore.Pipelines.Audio;

namespace MediaScore.Pipelines.Tests.Audio;

/// <summary>Takes everything that is not silence for speech: what follows the detector is then tested on signals with known answers.</summary>
internal sealed class EnergyActivity : IVoiceActivity
{
    private readonly double _threshold;

    public EnergyActivity(double threshold = 1e-6) => _threshold = threshold;

    /// <summary>Answers wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public ValueTask PushManyAsync(ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken)
    {
        for (var i = 0; i < probabilities.Length; i++)
            probabilities.Span[i] = SoundWindow.Measure(samples.Span.Slice(i * SoundWindow.SampleCount, SoundWindow.SampleCount)).Power > _threshold ? 0.95f : 0.02f;
        return Gate.IsCompleted ? ValueTask.CompletedTask : new ValueTask(Gate.WaitAsync(cancellationToken));
    }

    public void Reset()
    {
    }

    public void Dispose()
    {
    }
}
