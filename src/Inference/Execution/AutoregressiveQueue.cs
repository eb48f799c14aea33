namespace MediaScore.Inference;

/// <summary>
/// Sequences that wait for a slot, most urgent first. Thread-safe. Unbounded by itself: its callers each wait for their answer, so it holds at most one sequence
/// a caller, and a sequence is a reference to the caller's encoder output (0.3 MB for six seconds of sound).
/// </summary>
internal sealed class AutoregressiveQueue
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<AutoregressiveSequence, (RequestClass, long, long)> _waiting = new();
    private long _order;
    private bool _closed;

    /// <summary>The most urgent sequence; null where none waits.</summary>
    public AutoregressiveSequence? First
    {
        get
        {
            lock (_gate)
                return _waiting.TryPeek(out var first, out _) ? first : null;
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public AutoregressiveSequence Enqueue(
        ReadOnlyMemory<float> states, int tokenLimit, RequestClass requestClass, long deadline, Task givenUp, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var sequence = new AutoregressiveSequence(states, tokenLimit, requestClass, deadline, _order++, givenUp, cancellationToken);
            _waiting.Enqueue(sequence, sequence.Urgency);
            return sequence;
        }
    }

    /// <summary>Takes the most urgent sequence if its class is at least as urgent as <paramref name="leastUrgent"/>.</summary>
    public AutoregressiveSequence? TryDequeue(RequestClass leastUrgent)
    {
        lock (_gate)
            return _waiting.TryPeek(out var first, out _) && first.RequestClass <= leastUrgent ? _waiting.Dequeue() : null;
    }

    /// <summary>Lets go of those whose callers were told that a step hangs.</summary>
    public void DropGivenUp()
    {
        lock (_gate)
        {
            var kept = _waiting.UnorderedItems.Where(waiting => !waiting.Element.IsGivenUp).ToArray();
            _waiting.Clear();
            _waiting.EnqueueRange(kept);
        }
    }

    /// <summary>Fails what waits.</summary>
    public void FailAll(Exception exception)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var sequence, out _))
                sequence.Fail(exception);
        }
    }

    /// <summary>Refuses everything from now on and fails what waits.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
        FailAll(new ObjectDisposedException(nameof(AutoregressiveDecoder)));
    }
}
