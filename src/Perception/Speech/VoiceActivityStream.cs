using System.Buffers;
using System.Runtime.CompilerServices;
using MediaScore.Inference;

namespace MediaScore.Perception.Speech;

/// <summary>
/// One stream of sound through a <see cref="VoiceActivityDetector"/>: its recurrent state and the last samples. One call at a time. A call that failed or was
/// cancelled leaves the stream after the last whole window.
/// </summary>
public sealed class VoiceActivityStream : IDisposable
{
    private const int Context = VoiceActivityDetector.ContextSamples;
    private const int Window = VoiceActivityDetector.WindowSamples;

    // 8 s of sound: half a megabyte rented, and a cancellation is heard within 16 ms of work.
    private const int WindowsAtOnce = 256;

    private readonly InferencePool _pool;
    private readonly StateSlot _slot;
    private readonly float[] _input = new float[Context + Window];
    private readonly float[] _probability = new float[1];

    // Set by a call, and looked at by the next: whether its window was heard to the end decides what the context is.
    private long? _stepsBefore;

    internal VoiceActivityStream(InferencePool pool, StateSlot slot) => (_pool, _slot) = (pool, slot);

    /// <summary>The probability that the window holds speech.</summary>
    /// <param name="samples">Exactly <see cref="VoiceActivityDetector.WindowSamples"/> samples, mono, 16 kHz, [-1, 1], right after those of the last call. Copied before the call returns.</param>
    /// <param name="requestClass">Any but <c>Sampled</c>: a window that is dropped would change all that follow.</param>
    /// <returns>0..1.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<float> PushAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        await PushAsync(samples, _probability, requestClass, cancellationToken);
        return _probability[0];
    }

    /// <summary>The same, for many streams at once: the task is the pool's own, and no call under way has an object.</summary>
    /// <param name="probability">One value, written when the task ends.</param>
    public ValueTask PushAsync(ReadOnlyMemory<float> samples, Memory<float> probability, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        if (samples.Length != Window)
            throw new ArgumentException($"A window has {Window} samples, not {samples.Length}.", nameof(samples));
        ThrowIfSampled(requestClass);

        MoveContext();
        samples.Span.CopyTo(_input.AsSpan(Context));
        _stepsBefore = _slot.StepCount;
        return _pool.AdvanceAsync(_slot, new RowInput(_input, VoiceActivityDetector.InputShape), probability, requestClass, cancellationToken: cancellationToken);
    }

    /// <summary>Many windows at once, as fast as the pool allows: the same probabilities, to the last bit, as one by one.</summary>
    /// <param name="samples">A whole number of windows; read until the task ends.</param>
    /// <param name="probabilities">One a window.</param>
    /// <param name="requestClass">Any but <c>Sampled</c>.</param>
    public async ValueTask PushManyAsync(
        ReadOnlyMemory<float> samples, Memory<float> probabilities, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        if (samples.Length % Window != 0)
            throw new ArgumentException($"{samples.Length} samples are no whole number of windows of {Window}.", nameof(samples));
        if (probabilities.Length != samples.Length / Window)
            throw new ArgumentException($"{samples.Length / Window} windows have as many probabilities, not {probabilities.Length}.", nameof(probabilities));
        ThrowIfSampled(requestClass);

        MoveContext();
        var rowLength = Context + Window;
        var rows = ArrayPool<float>.Shared.Rent(Math.Min(probabilities.Length, WindowsAtOnce) * rowLength);
        try
        {
            for (var first = 0; first < probabilities.Length; first += WindowsAtOnce)
            {
                var count = Math.Min(WindowsAtOnce, probabilities.Length - first);
                LayOut(samples.Span.Slice(first * Window, count * Window), rows);
                var before = _slot.StepCount;
                try
                {
                    await _pool.StepManyAsync(
                        _slot,
                        rows.AsMemory(0, count * rowLength),
                        VoiceActivityDetector.InputShape,
                        count,
                        probabilities.Slice(first, count),
                        requestClass,
                        cancellationToken: cancellationToken);
                }
                finally
                {
                    // Where it failed or was cancelled midway the slot stands after the last whole window, and so must the context.
                    var heard = (int)(_slot.StepCount - before);
                    if (heard > 0)
                        rows.AsSpan((heard * rowLength) - Context, Context).CopyTo(_input);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rows);
        }
    }

    /// <summary>Forgets what was heard: the next window begins a new stream.</summary>
    public void Reset()
    {
        _slot.Reset();
        _stepsBefore = null;
        _input.AsSpan(0, Context).Clear();
    }

    public void Dispose() => _slot.Dispose();

    private void MoveContext()
    {
        if (_stepsBefore is { } before && _slot.StepCount > before)
            _input.AsSpan(Window).CopyTo(_input);
        _stepsBefore = null;
    }

    /// <summary>Each window with the end of the one before in front.</summary>
    private void LayOut(ReadOnlySpan<float> samples, Span<float> rows)
    {
        var context = _input.AsSpan(0, Context);
        for (var at = 0; at < samples.Length; at += Window)
        {
            context.CopyTo(rows);
            samples.Slice(at, Window).CopyTo(rows[Context..]);
            context = rows.Slice(Window, Context);
            rows = rows[(Context + Window)..];
        }
    }

    private static void ThrowIfSampled(RequestClass requestClass)
    {
        if (requestClass == RequestClass.Sampled)
            throw new ArgumentException("Sound is never Sampled: a window that is dropped would change all that follow.", nameof(requestClass));
    }
}
