using Google.Protobuf;
using MediaScore.Inference.Decoding;
using MediaScore.Inference.Graphs.Moonshine;

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
    private readonly MoonshineDecoder _decoder;
    private readonly DecoderSlots _slots;
    private readonly AutoregressiveQueue _queue = new();

    // Index = slot. Only the stepping thread writes; the properties read what matters to the pool.
    private readonly List<AutoregressiveSequence> _active = [];
    private volatile AutoregressiveSequence? _mostUrgentActive;
    private TaskCompletionSource<DecodedSequence> _givenUp = NewFailure();
    private ContinuousBatchRegistration? _registration;
    private int _disposed;

    /// <exception cref="InferenceFailedException">The file is not what <see cref="AutoregressiveLoad"/> describes.</exception>
    public AutoregressiveDecoder(AutoregressiveLoad load, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(load);
        (_load, _time) = (load, time);
        try
        {
            _decoder = new MoonshineDecoder(MoonshineDecoderWeights.Read(load.Path), load.MaxBatch, load.MaxTokens, load.MaxFrames);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidProtocolBufferException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InferenceFailedException(load.Name, $"{load.Path} is not the decoder of Moonshine: {exception.Message}", exception);
        }

        _slots = new DecoderSlots(_decoder, load.MaxBatch);
    }

    public string Name => _load.Name;

    /// <summary>Width of one frame of encoder output.</summary>
    public int StateWidth => _decoder.Width;

    public bool HasWork => _mostUrgentActive is not null || _queue.First is not null;

    public RequestClass MostUrgentClass => MostUrgent?.RequestClass ?? RequestClass.Deferred;

    public long EarliestDeadline => MostUrgent?.Deadline ?? long.MaxValue;

    public int WaitingCount => _queue.Count;

    public int DeferredCount { get; private set; }

    private AutoregressiveSequence? MostUrgent => AutoregressiveSequence.MoreUrgent(_mostUrgentActive, _queue.First);

    /// <summary>Lets a pool step this decoder on its workers from now on.</summary>
    public void Register(InferencePool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _registration = pool.Register(this);
    }

    /// <summary>Decodes one sequence.</summary>
    /// <param name="states">Encoder output <c>[frameCount, width]</c>; read until the task completes (after a step that hung perhaps later, for nothing; see <see cref="InferencePool"/>).</param>
    /// <param name="tokenLimit">Most tokens, 1 to <see cref="AutoregressiveLoad.MaxTokens"/> less one.</param>
    /// <exception cref="InferenceFailedException">The encoder's output, or what became of it, is not finite.</exception>
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
        ArgumentOutOfRangeException.ThrowIfNotEqual(states.Length, frameCount * StateWidth);
        cancellationToken.ThrowIfCancellationRequested();
        // The class's own deadline in the pool, from the arrival of the encoder's output.
        var patience = InferencePool.DeadlineOf(requestClass) + (ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero);
        var deadline = _time.GetTimestamp() + (long)(patience.TotalSeconds * _time.TimestampFrequency);
        var givenUp = Volatile.Read(ref _givenUp);
        var sequence = _queue.Enqueue(states, tokenLimit, requestClass, deadline, givenUp.Task, cancellationToken);
        _registration?.Signal();
        var ended = await Task.WhenAny(sequence.Answer, givenUp.Task);
        _registration?.CountEnded(failed: ended.IsFaulted);
        return await ended;
    }

    /// <summary>Admits what waits while slots are free, and writes one token of every sequence. From one thread at a time.</summary>
    public int Step()
    {
        try
        {
            DropAbandoned();
            Admit();
            var count = _active.Count;
            DeferredCount = 0;
            foreach (var sequence in _active)
                DeferredCount += sequence.RequestClass == RequestClass.Deferred ? 1 : 0;
            if (count > 0)
                Advance(count);
            return count;
        }
        catch (Exception exception)
        {
            // A fault of the program: whose it was is not known, but nobody may wait for ever, least of all those who wait for a slot: nothing steps this batch before
            // somebody else comes.
            var failure = new InferenceFailedException(Name, exception.Message, exception);
            FailAll(failure);
            _queue.FailAll(failure);
            throw;
        }
        finally
        {
            PublishUrgency();
        }
    }

    /// <summary>Fails those who wait now. Their sequences leave when the step has returned, without another.</summary>
    public void GiveUp(Exception reason)
    {
        var givenUp = Interlocked.Exchange(ref _givenUp, NewFailure());
        givenUp.SetException(reason);

        // Nobody may be waiting, and then nobody else looks at it.
        _ = givenUp.Task.Exception;
        _queue.DropGivenUp();
    }

    /// <summary>Fails what is under way and frees its memory. Idempotent. The pool's last step ends first.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _registration?.Dispose();
        _queue.Close();
        if (_registration is { IsHung: true })
        {
            // The step that hangs still uses the rest: better a leak than a crash.
            GiveUp(new ObjectDisposedException(nameof(AutoregressiveDecoder)));
            return;
        }

        FailAll(new ObjectDisposedException(nameof(AutoregressiveDecoder)));
        _slots.Dispose();
    }

    private void Admit()
    {
        var deferredSlots = Math.Max(1, _load.MaxBatch - (_load.MaxBatch / DeferredSlotsShare));
        while (_active.Count < _load.MaxBatch)
        {
            var sequence = _queue.TryDequeue(_active.Count < deferredSlots ? RequestClass.Deferred : RequestClass.Sampled);
            if (sequence is null)
                return;
            if (!IsAbandoned(sequence))
                Join(sequence);
        }
    }

    private void Join(AutoregressiveSequence sequence)
    {
        // First, so that it is among those who fail if the rest throws.
        _active.Add(sequence);
        if (FiniteValues.IndexOfNotFinite(sequence.States.Span) is var place and >= 0)
        {
            sequence.Fail(new InferenceFailedException(Name, $"value {place} of the encoder's output is not finite"));
            _active.RemoveAt(_active.Count - 1);
            return;
        }

        _slots.Join(_active.Count - 1, sequence.States.Span, _load.StartToken);
    }

    private void Advance(int count)
    {
        _decoder.Step(count, _slots);

        // From the last slot down: Leave fills a hole from the end, with a sequence that has been looked at.
        for (var slot = count - 1; slot >= 0; slot--)
        {
            var chosen = TokenChooser.Choose(_decoder.Logits(slot));
            if (!float.IsFinite(chosen.LogProbability))
            {
                // Of this sequence's making alone: no row sees another.
                _active[slot].Fail(new InferenceFailedException(Name, "a logit is not finite"));
                Leave(slot);
            }
            else if (_active[slot].Take(chosen, _load.EndToken))
            {
                Leave(slot);
            }
            else
            {
                _slots.Advance(slot, chosen.Id);
            }
        }
    }

    private void DropAbandoned()
    {
        for (var slot = _active.Count - 1; slot >= 0; slot--)
        {
            if (IsAbandoned(_active[slot]))
                Leave(slot);
        }
    }

    /// <summary>Nobody waits for it: its caller has cancelled it, or was told that a step hangs.</summary>
    private static bool IsAbandoned(AutoregressiveSequence sequence)
    {
        if (sequence.IsGivenUp)
            return true;
        if (!sequence.CancellationToken.IsCancellationRequested)
            return false;
        sequence.Cancel();
        return true;
    }

    private void Leave(int slot)
    {
        var last = _active.Count - 1;
        if (slot != last)
        {
            _slots.Swap(last, slot);
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
        AutoregressiveSequence? most = null;
        foreach (var sequence in _active)
            most = AutoregressiveSequence.MoreUrgent(most, sequence);
        _mostUrgentActive = most;
    }

    private static TaskCompletionSource<DecodedSequence> NewFailure() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
