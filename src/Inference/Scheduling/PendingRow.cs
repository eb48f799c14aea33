using System.Threading.Tasks.Sources;

namespace MediaScore.Inference;

/// <summary>
/// One request on its way through the pool, and the task its caller waits for. Pooled: it goes back when the caller has taken the answer. All fields but the
/// task's are written under the scheduler's lock, or by the one worker that runs the row.
/// </summary>
internal sealed class PendingRow : BatchRow, IValueTaskSource<RunOutcome>, IValueTaskSource
{
    private readonly PendingRowPool _pool;

    // Completing it runs what hands the caller's continuation to the turns, and never that itself: a worker thread runs no caller's code.
    private ManualResetValueTaskSourceCore<RunOutcome> _core;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private ReadOnlyMemory<float> _allInputs;
    private Memory<float> _allOutputs;
    private RowShape _stepShape;

    public PendingRow(PendingRowPool pool) => _pool = pool;

    public enum Place
    {
        /// <summary>With the caller: not yet queued, or ended.</summary>
        Outside,

        /// <summary>In its model's queue.</summary>
        Queued,

        /// <summary>Waiting for a place in a full queue.</summary>
        WaitingForPlace,

        /// <summary>In a batch that runs.</summary>
        Running,
    }

    public ModelQueue Queue { get; private set; } = null!;

    public StateSlot? Slot { get; private set; }

    public RequestClass Class { get; private set; }

    /// <summary>Timestamps of the pool's clock.</summary>
    public long EnqueuedAt { get; set; }

    public long Deadline { get; private set; }

    /// <summary>From then on it no longer waits for batch neighbours.</summary>
    public long RunBy { get; set; }

    /// <summary>Order of arrival: the last word between equal deadlines.</summary>
    public long Sequence { get; set; }

    public Place Where { get; set; }

    /// <summary>A row that goes on displaced it from a full queue.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Its run was given up: the thread that hangs in it may still read this object, so it never goes back to the pool.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The batch that it was taken into.</summary>
    public WorkUnit? Unit { get; set; }

    public int StepsDone { get; private set; }

    public int StepCount { get; private set; }

    public CancellationToken CancellationToken { get; private set; }

    public CancellationTokenRegistration Registration { get; set; }

    public ValueTask<RunOutcome> Task => new(this, _core.Version);

    /// <summary>The same task, for a caller whom the outcome tells nothing.</summary>
    public ValueTask TaskWithoutOutcome => new(this, _core.Version);

    public void Begin(ModelQueue queue, StateSlot? slot, RequestClass requestClass, long deadline, CancellationToken cancellationToken)
    {
        (Queue, Slot, Class, Deadline, CancellationToken) = (queue, slot, requestClass, deadline, cancellationToken);
        (StepsDone, StepCount, IsRefused, Where) = (0, 1, false, Place.Outside);
        State = slot?.State;
    }

    public void BeginSteps(ReadOnlyMemory<float> inputs, RowShape shape, int stepCount, Memory<float> outputs)
    {
        (_allInputs, _stepShape, StepCount, _allOutputs) = (inputs, shape, stepCount, outputs);
        SetStepBuffers();
    }

    /// <summary>Moves on to the next step of many.</summary>
    /// <returns>False when the last was done.</returns>
    public bool NextStep()
    {
        if (++StepsDone == StepCount)
            return false;
        SetStepBuffers();
        return true;
    }

    /// <summary>Gives the row back when it was never queued.</summary>
    public void Abandon() => Recycle();

    public void Complete(RunOutcome outcome) => _core.SetResult(outcome);

    public void Fail(Exception exception) => _core.SetException(exception);

    public override bool TryWrite() => Unit?.TryWrite() ?? true;

    /// <summary>Negative when this row goes before the other: class, then deadline, then arrival.</summary>
    public int CompareUrgency(PendingRow other)
    {
        if (Class != other.Class)
            return Class < other.Class ? -1 : 1;
        return Deadline != other.Deadline ? Deadline.CompareTo(other.Deadline) : Sequence.CompareTo(other.Sequence);
    }

    RunOutcome IValueTaskSource<RunOutcome>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a cancellation callback that is just running: after it nobody else knows this object.
            Registration.Dispose();
            Recycle();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<RunOutcome>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<RunOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<RunOutcome>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        OnCompleted(continuation, state, token, flags);

    private void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        // Who awaits in a context goes on in it: it is posted there.
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) is not ValueTaskSourceOnCompletedFlags.None
            && (SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default))
        {
            _core.OnCompleted(continuation, state, token, flags);
            return;
        }

        // An async method brings its execution context itself.
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) is not ValueTaskSourceOnCompletedFlags.None && ExecutionContext.Capture() is { } context)
            (_continuation, _continuationState) = (Within(context, continuation), state);
        else
            (_continuation, _continuationState) = (continuation, state);
        _core.OnCompleted(static row => ((PendingRow)row!).TakeTurn(), this, token, ValueTaskSourceOnCompletedFlags.None);
    }

    // Apart, so that nobody else pays for the closure.
    private static Action<object?> Within(ExecutionContext context, Action<object?> continuation) => state => ExecutionContext.Run(context, new ContextCallback(continuation), state);

    private void TakeTurn()
    {
        var (continuation, state) = (_continuation!, _continuationState);
        (_continuation, _continuationState) = (null, null);
        _pool.Turns.Add(continuation, state);
    }

    private void Recycle()
    {
        if (IsAbandoned)
            return;
        ClearBuffers();
        (_allInputs, _allOutputs, Slot, Unit, CancellationToken, Registration) = (default, default, null, null, default, default);
        _core.Reset();
        _pool.Return(this);
    }

    private void SetStepBuffers()
    {
        var inputLength = _stepShape.ElementCount;
        var outputLength = _allOutputs.Length / StepCount;
        var input = new RowInput(_allInputs.Slice(StepsDone * inputLength, inputLength), _stepShape);
        var output = _allOutputs.Slice(StepsDone * outputLength, outputLength);
        SetBuffers(new ReadOnlySpan<RowInput>(in input), new ReadOnlySpan<Memory<float>>(in output));
    }
}
