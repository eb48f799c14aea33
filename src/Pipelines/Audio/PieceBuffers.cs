using System.Collections.Concurrent;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Buffers of sound on their way to the analysis. The pipeline's own, because the process-wide pool forgets buffers that one thread rents and another returns
/// as soon as a queue is longer than its stacks. Never holds more than were under way at once. Thread-safe.
/// </summary>
internal sealed class PieceBuffers
{
    /// <summary>Samples of the longest piece: 100 ms. Longer sound is cut into such pieces, so that a queue of pieces is a bound on memory.</summary>
    public const int MostSamples = SoundWindow.SampleRate / 10;

    // 20 ms, what a live session sends.
    private const int LeastSamples = SoundWindow.SampleRate / 50;

    private readonly ConcurrentQueue<float[]> _free = new();

    /// <summary>A buffer of at least so many samples, with whatever is in it.</summary>
    public float[] Rent(int sampleCount) =>
        _free.TryDequeue(out var buffer) && buffer.Length >= sampleCount ? buffer : new float[sampleCount <= LeastSamples ? LeastSamples : MostSamples];

    public void Return(float[] buffer) => _free.Enqueue(buffer);
}
