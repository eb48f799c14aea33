using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>
/// A decoder that writes one token a step, run as one continuous batch: sequences join and leave between steps, whatever their length and age, and no sequence's
/// answer depends on its neighbours. Register it with an <see cref="InferencePool"/>, or call <see cref="Step"/> from one thread of your own.
/// </summary>
public sealed class AutoregressiveDecoder : IContinuousBatch, IDisposable
{
    // Deferred sequences leave a quarter of the slots free, so that a live one never waits for a whole recording's worth of them.
    private const int DeferredSlotsShare = 4;

    private readonly AutoregressiveLoad _load;
    private readonly TimeProvider _time;
    private readonly InferenceSession _first;
    private readonly InferenceSession _step;
    private readonly AutoregressiveSlots _slots;
    private readonly AutoregressiveQueue _queue = new();
    private readonly RunOptions _runOptions = new();
    private readonly int _stateWidth;
    private readonly TensorSlab<float> _cross;
    private readonly int _crossWidth;

    // Index = slot. Only the stepping thread writes; the properties read a snapshot of what matters to the pool.
    private readonly List<AutoregressiveSequence> _active = [];
    private volatile Urgency? _mostUrgentActive;
    private ContinuousBatchRegistration? _registration;
    private int _disposed;

    /// <exception cref="InferenceFailedException">A file is no graph of the kind that <see cref="AutoregressiveLoad"/> describes.</exception>
    public AutoregressiveDecoder(AutoregressiveLoad load, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(load);
        (_load, _time) = (load, time);
        try
        {
            _first = OnnxSessions.Open(load.FirstPath, varyingShapes: true);
            _step = OnnxSessions.Open(load.StepPath, varyingShapes: true);
            _stateWidth = _first.InputMetadata["encoder_hidden_states"].Dimensions[2];
            var cross = _first.OutputMetadata["cross"].Dimensions;
            _crossWidth = cross[1] * cross[3];
            _slots = new AutoregressiveSlots(_step, load);
            _cross = new TensorSlab<float>("cross", load.MaxFrames, [_crossWidth]);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new InferenceFailedException(load.Name, $"{load.FirstPath} and {load.StepPath} are not the graphs of a decoder: {exception.Message}", exception);
        }
    }

    public string Name => _load.Name;

    /// <summary>Width of one frame of encoder output.</summary>
    public int StateWidth => _stateWidth;

    public bool HasWork => _mostUrgentActive is not null || _queue.First is not null;

    public RequestClass MostUrgentClass => MostUrgent.RequestClass;

    public long EarliestDeadline => MostUrgent.Deadline;

    public int WaitingCount => _queue.Count;

    public int DeferredCount { get; private set; }

    private Urgency MostUrgent
    {
        get
        {
            var active = _mostUrgentActive;
            var waiting = _queue.First is { } first ? new Urgency(first.RequestClass, first.Deadline) : null;
            return Urgency.Earlier(active, waiting) ?? Urgency.None;
        }
    }

    /// <summary>Lets a pool step this decoder on its workers from now on.</summary>
    public void Register(InferencePool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _registration = pool.Register(this);
    }

    /// <summary>Decodes one sequence.</summary>
    /// <param name="states">Encoder output <c>[frameCount, width]</c>; read until the task completes.</param>
    /// <param name="tokenLimit">Most tokens, 1 to <see cref="AutoregressiveLoad.MaxTokens"/> less one.</param>
    /// <exception cref="InferenceFailedException">A graph failed.</exception>
    public ValueTask<DecodedSequence> DecodeAsync(
        ReadOnlyMemory<float> states, int frameCount, int tokenLimit, RequestClass requestClass, CancellationToken cancellationToken) =>
        DecodeAsync(states, frameCount, tokenLimit, requestClass, TimeSpan.Zero, cancellationToken);

    /// <param name="ahead">How long from now the answer is not yet due; negative is none.</param>
    /// <inheritdoc cref="DecodeAsync(ReadOnlyMemory{float}, int, int, RequestClass, CancellationToken)"/>
    public async ValueTask<DecodedSequence> DecodeAsync(
        ReadOnlyMemory<float> states, int frameCount, int tokenLimit, RequestClass requestClass, TimeSpan ahead, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameCount, _load.MaxFrames);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokenLimit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tokenLimit, _load.MaxTokens);
        ArgumentOutOfRangeException.ThrowIfNotEqual(states.Length, frameCount * _stateWidth);
        cancellationToken.ThrowIfCancellationRequested();
        var patience = Patience(requestClass) + (ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero);
        var deadline = _time.GetTimestamp() + (long)(patience.TotalSeconds * _time.TimestampFrequency);
        var sequence = _queue.Enqueue(states, frameCount, tokenLimit, requestClass, deadline, cancellationToken);
        _registration?.Signal();
        return await sequence.Answer;
    }

    /// <summary>Admits what waits while slots are free, and writes one token of every sequence. From one thread at a time.</summary>
    public int Step()
    {
        DropCancelled();
        Admit();
        var count = _active.Count;
        DeferredCount = 0;
        foreach (var sequence in _active)
            DeferredCount += sequence.RequestClass == RequestClass.Deferred ? 1 : 0;
        if (count > 0)
            Advance(count);
        PublishUrgency();
        return count;
    }

    /// <summary>Fails what is under way and frees the graphs. Idempotent. The pool's last step ends first.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _registration?.Dispose();
        _queue.Close();
        FailAll(new ObjectDisposedException(nameof(AutoregressiveDecoder)));
        _slots.Dispose();
        _cross.Dispose();
        _runOptions.Dispose();
        _first.Dispose();
        _step.Dispose();
    }

    private void Admit()
    {
        var deferredSlots = Math.Max(1, _load.MaxBatch - (_load.MaxBatch / DeferredSlotsShare));
        while (_active.Count < _load.MaxBatch)
        {
            var sequence = _queue.TryDequeue(_active.Count < deferredSlots ? RequestClass.Deferred : RequestClass.Sampled);
            if (sequence is null)
                return;
            if (sequence.CancellationToken.IsCancellationRequested)
            {
                sequence.Cancel();
                continue;
            }

            try
            {
                Join(sequence);
            }
            catch (OnnxRuntimeException exception)
            {
                sequence.Fail(new InferenceFailedException(Name, exception.Message, exception));
            }
        }
    }

    private void Join(AutoregressiveSequence sequence)
    {
        using var states = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(sequence.States), [1, sequence.FrameCount, _stateWidth]);
        var crossShape = _first.OutputMetadata["cross"].Dimensions;
        using var cross = _cross.ReshapedView([1, crossShape[1], sequence.FrameCount, crossShape[3]]);
        _first.Run(_runOptions, ["encoder_hidden_states"], [states], ["cross"], [cross]);
        _slots.Join(_active.Count, cross.GetTensorDataAsSpan<float>(), sequence.FrameCount, _load.StartToken);
        _active.Add(sequence);
    }

    private void Advance(int count)
    {
        try
        {
            _slots.Run(count);
        }
        catch (OnnxRuntimeException exception)
        {
            FailAll(new InferenceFailedException(Name, exception.Message, exception));
            return;
        }

        // From the last slot down: Leave fills a hole from the end, with a sequence that has been looked at.
        for (var slot = count - 1; slot >= 0; slot--)
        {
            var chosen = TokenChooser.Choose(_slots.Logits(slot));
            if (_active[slot].Take(chosen, _load.EndToken))
            {
                Leave(slot);
                continue;
            }

            _slots.SetToken(slot, chosen.Id);
            _slots.Advance(slot);
        }
    }

    private void DropCancelled()
    {
        for (var slot = _active.Count - 1; slot >= 0; slot--)
        {
            if (_active[slot].CancellationToken.IsCancellationRequested)
            {
                _active[slot].Cancel();
                Leave(slot);
            }
        }
    }

    private void Leave(int slot)
    {
        var last = _active.Count - 1;
        if (slot != last)
        {
            _slots.Move(last, slot);
            _active[slot] = _active[last];
        }

        _active.RemoveAt(last);
    }

    private void FailAll(Exception exception)
    {
        foreach (var sequence in _active)
            sequence.Fail(exception);
        _active.Clear();
    }

    private void PublishUrgency()
    {
        Urgency? most = null;
        foreach (var sequence in _active)
            most = Urgency.Earlier(most, new Urgency(sequence.RequestClass, sequence.Deadline));
        _mostUrgentActive = most;
    }

    // The classes' own deadlines in the pool (InferencePool.RunAsync), from the arrival of the encoder's output.
    private static TimeSpan Patience(RequestClass requestClass) => requestClass switch
    {
        RequestClass.Live => TimeSpan.FromSeconds(0.25),
        RequestClass.Terminal => TimeSpan.FromSeconds(0.5),
        RequestClass.Sampled => TimeSpan.FromSeconds(2),
        _ => TimeSpan.FromSeconds(60),
    };

    private sealed record Urgency(RequestClass RequestClass, long Deadline)
    {
        public static readonly Urgency None = new(RequestClass.Deferred, long.MaxValue);

        public static Urgency? Earlier(Urgency? one, Urgency? other) =>
            one is null || (other is not null && (other.RequestClass, other.Deadline).CompareTo((one.RequestClass, one.Deadline)) < 0) ? other : one;
    }
}
