using Microsoft.Extensions.Logging;

namespace MediaScore.Inference;

/// <summary>
/// The one pool of inference workers of a process. Requests carry a class and a deadline; the pool forms batches a model, most urgent first
/// (<see cref="RequestClass"/>, then earliest deadline), and runs them on its own threads. Thread-safe.
/// </summary>
/// <remarks>
/// A batch waits for neighbours only while there is reason to expect them: it runs when it is full, when as many requests of the model are under way as lately
/// were at once, or when one of its rows has waited its class's time (<see cref="InferenceOptions"/>). So one caller that asks for row after row never waits.
/// </remarks>
public sealed class InferencePool : IAsyncDisposable
{
    // Live sound is shown as a caption within a second of its end, of which the pool gets a quarter; a person at a door gets an answer of three or four models
    // in two seconds; a picture is looked at again after 2 s; deferred work has the order of its arrival within a minute.
    private static readonly TimeSpan[] DefaultDeadlines =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60)];

    private readonly PendingRowPool _rows = new();
    private readonly BatchScheduler _scheduler;
    private readonly Lock _workersGate = new();
    private readonly List<PoolWorker> _workers = [];
    private readonly int _workerCount;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InferencePool(InferenceOptions options, TimeProvider time, ILogger<InferencePool> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Time = time;
        _workerCount = options.WorkerCount > 0 ? options.WorkerCount : Environment.ProcessorCount;
        _scheduler = new BatchScheduler(this, options, _workerCount, time, logger) { WorkerLost = OnWorkerLost, WorkersMissing = StartWorkers };
        StartWorkers(_workerCount);
    }

    /// <summary>The deadline that a request of this class gets where its caller names none.</summary>
    public static TimeSpan DeadlineOf(RequestClass requestClass) => DefaultDeadlines[(int)requestClass];

    /// <summary>What runs the graphs: <c>CPU</c>, or <c>CUDA</c> in a build for it.</summary>
    public static string Provider => OnnxSessions.Provider;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; }

    public int WorkerCount => _workerCount;

    /// <summary>Runs that hang, in words, until they return; empty when all is well. A server that has one should be restarted.</summary>
    public IReadOnlyList<string> Faults => _scheduler.Faults();

    /// <summary>
    /// Loads a model, or gives the handle of the one already loaded under that name. Blocks for the time of loading (0.05 to 1.5 s).
    /// </summary>
    /// <exception cref="InvalidOperationException">The name is loaded from another file.</exception>
    /// <exception cref="InferenceFailedException">The file is no model that this runtime can load, or a name is not in it.</exception>
    public ModelHandle Load(ModelLoad load)
    {
        ArgumentNullException.ThrowIfNull(load);
        ArgumentOutOfRangeException.ThrowIfLessThan(load.MaxBatch, 1, nameof(load));
        return _scheduler.AddModel(load, () =>
        {
            var model = new OnnxModel(load, WorkerCount);
            return (new ModelHandle(load, model.Signature.Inputs, model.Signature.InputIsInteger, model.Signature.Outputs), model);
        }).Handle;
    }

    /// <summary>
    /// Runs one row of a stateless model, together with rows of other callers of equal shape. The buffers are the pool's until the returned task has ended.
    /// A request that already runs ends even if it is cancelled. Await the task once, as any <see cref="ValueTask"/>. Only a run that was given up as hung, whose
    /// requests have failed, may read their inputs later, and writes nothing: arrays may be used again, but memory that is freed by hand may not be lent to the pool.
    /// </summary>
    /// <param name="inputs">One an input, in the order of <see cref="ModelHandle.Inputs"/>. The array itself may be reused when the call has returned.</param>
    /// <param name="outputs">One an output, in the order of <see cref="ModelHandle.Outputs"/>; at least the length of the row's output, and only that length is written.</param>
    /// <param name="deadline">From now; null takes the class's own (Live 0.25 s, Terminal 0.5 s, Sampled 2 s, Deferred 60 s). It orders requests; only <c>Sampled</c> ones are dropped after it.</param>
    /// <exception cref="InferenceFailedException">The model failed on this row.</exception>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public ValueTask<RunOutcome> RunAsync(
        ModelHandle model,
        ReadOnlyMemory<RowInput> inputs,
        ReadOnlyMemory<Memory<float>> outputs,
        RequestClass requestClass,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) =>
        RunRowAsync(model, inputs.Span, outputs.Span, requestClass, deadline, cancellationToken);

    /// <summary>Runs one row of a model with one input and one output. See the other overload.</summary>
    public ValueTask<RunOutcome> RunAsync(
        ModelHandle model,
        RowInput input,
        Memory<float> output,
        RequestClass requestClass,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) =>
        RunRowAsync(model, new ReadOnlySpan<RowInput>(in input), new ReadOnlySpan<Memory<float>>(in output), requestClass, deadline, cancellationToken);

    /// <summary>Opens a recurrent state of zeros in a model that has one. Dispose it.</summary>
    /// <param name="owner">An id that names the owner of a leak.</param>
    /// <exception cref="InvalidOperationException">The model has no state, or <see cref="InferenceOptions.MaxSlots"/> are open.</exception>
    public StateSlot OpenSlot(ModelHandle model, string owner)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(owner);
        return _scheduler.OpenSlot(model, owner);
    }

    /// <summary>
    /// Steps a recurrent model once: one row in, one row out, the slot's state moved on. Steps of different slots share batches.
    /// </summary>
    /// <inheritdoc cref="RunAsync(ModelHandle, RowInput, Memory{float}, RequestClass, TimeSpan?, CancellationToken)"/>
    public ValueTask<RunOutcome> StepAsync(
        StateSlot slot,
        RowInput input,
        Memory<float> output,
        RequestClass requestClass,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) =>
        SubmitAsync(BeginStep(slot, input, output, requestClass, deadline, cancellationToken));

    /// <summary>
    /// <see cref="StepAsync"/> for the classes that are never dropped: there is no outcome to look at, and the task can be handed on as it is, without an object for
    /// each call under way.
    /// </summary>
    /// <param name="requestClass">Not <c>Sampled</c>.</param>
    public ValueTask AdvanceAsync(
        StateSlot slot, RowInput input, Memory<float> output, RequestClass requestClass, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        if (requestClass == RequestClass.Sampled)
            throw new ArgumentException("A Sampled step may be dropped: ask with StepAsync, which says so.", nameof(requestClass));
        var row = BeginStep(slot, input, output, requestClass, deadline, cancellationToken);
        return TrySubmit(row) ? row.TaskWithoutOutcome : ValueTask.FromCanceled(cancellationToken);
    }

    /// <summary>
    /// Steps a recurrent model <paramref name="stepCount"/> times without coming back to the caller between steps (a recording that is read again). Each step still
    /// shares batches with other slots. On cancellation or failure the slot stands after the last whole step.
    /// </summary>
    /// <param name="inputs">The inputs of all steps, one after another: <paramref name="stepCount"/> rows.</param>
    /// <param name="shape">Shape of one step's row.</param>
    /// <param name="outputs">The outputs of all steps, one after another, exactly.</param>
    /// <param name="requestClass">Not <c>Sampled</c>: a drop between two steps would lose the stream's place.</param>
    public ValueTask<RunOutcome> StepManyAsync(
        StateSlot slot,
        ReadOnlyMemory<float> inputs,
        RowShape shape,
        int stepCount,
        Memory<float> outputs,
        RequestClass requestClass,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCount, 1);
        if (requestClass == RequestClass.Sampled)
            throw new ArgumentException("Many steps cannot be Sampled: a drop between two steps would lose the stream's place.", nameof(requestClass));
        if (inputs.Length != shape.ElementCount * stepCount)
            throw new ArgumentException($"{stepCount} rows of shape {shape} are {shape.ElementCount * stepCount} values, not {inputs.Length}.", nameof(inputs));
        if (outputs.Length % stepCount != 0)
            throw new ArgumentException($"{outputs.Length} values are no whole rows of {stepCount} steps.", nameof(outputs));
        var first = new RowInput(inputs[..shape.ElementCount], shape);
        ThrowIfNotInputsOf(slot.Model, new ReadOnlySpan<RowInput>(in first), outputCount: 1);

        var row = _rows.Rent();
        row.Begin(slot.Queue, slot, requestClass, DeadlineOf(requestClass, deadline), cancellationToken);
        row.BeginSteps(inputs, shape, stepCount, outputs);
        return SubmitAsync(row);
    }

    /// <summary>Gives a continuous batch a place among the models. It is stepped whenever it has work and is the most urgent.</summary>
    public ContinuousBatchRegistration Register(IContinuousBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _scheduler.Register(batch);
    }

    public PoolStatistics Snapshot() => _scheduler.Snapshot();

    /// <summary>Takes no new request, runs what is queued and what continuous batches hold, ends the workers, unloads the models. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_scheduler.Stop())
        {
            await _disposed.Task;
            return;
        }

        try
        {
            while (Running() is { Count: > 0 } running)
                await Task.WhenAll(running);
        }
        finally
        {
            _scheduler.Dispose();
            _disposed.SetResult();
        }
    }

    private List<Task> Running()
    {
        lock (_workersGate)
            return [.. _workers.Select(worker => worker.Ended).Where(ended => !ended.IsCompletedSuccessfully)];
    }

    private void OnWorkerLost(WorkUnit unit)
    {
        lock (_workersGate)
            _workers.Find(worker => worker.Owns(unit))?.GiveUp();
    }

    private void StartWorkers(int count)
    {
        lock (_workersGate)
        {
            for (var i = 0; i < count; i++)
                _workers.Add(new PoolWorker(_scheduler, _workers.Count + 1));
        }
    }

    /// <summary>Loads a model that is not an ONNX file: the scheduler's tests hold its runs at a barrier.</summary>
    internal ModelHandle Load(ModelLoad load, IBatchModel model, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs) =>
        _scheduler.AddModel(load, () => (new ModelHandle(load, inputs, new bool[inputs.Count], outputs), model)).Handle;

    private ValueTask<RunOutcome> RunRowAsync(
        ModelHandle model,
        ReadOnlySpan<RowInput> inputs,
        ReadOnlySpan<Memory<float>> outputs,
        RequestClass requestClass,
        TimeSpan? deadline,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Load.State is not null)
            throw new InvalidOperationException($"Model '{model.Name}' is recurrent: open a slot and step it.");
        ThrowIfNotInputsOf(model, inputs, outputs.Length);
        var row = _rows.Rent();
        row.Begin(_scheduler.QueueOf(model), null, requestClass, DeadlineOf(requestClass, deadline), cancellationToken);
        row.SetBuffers(inputs, outputs);
        return SubmitAsync(row);
    }

    private PendingRow BeginStep(StateSlot slot, RowInput input, Memory<float> output, RequestClass requestClass, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var inputs = new ReadOnlySpan<RowInput>(in input);
        ThrowIfNotInputsOf(slot.Model, inputs, outputCount: 1);
        var row = _rows.Rent();
        row.Begin(slot.Queue, slot, requestClass, DeadlineOf(requestClass, deadline), cancellationToken);
        row.SetBuffers(inputs, new ReadOnlySpan<Memory<float>>(in output));
        return row;
    }

    private ValueTask<RunOutcome> SubmitAsync(PendingRow row)
    {
        var cancellationToken = row.CancellationToken;
        return TrySubmit(row) ? row.Task : ValueTask.FromCanceled<RunOutcome>(cancellationToken);
    }

    /// <returns>False when the caller had cancelled it before.</returns>
    private bool TrySubmit(PendingRow row)
    {
        if (row.CancellationToken.IsCancellationRequested)
        {
            row.Abandon();
            return false;
        }

        try
        {
            _scheduler.Submit(row);
        }
        catch
        {
            row.Abandon();
            throw;
        }

        // After the row is queued: a token that is cancelled meanwhile runs the callback at once, and finds the row where it must be taken out.
        if (row.CancellationToken.CanBeCanceled)
            row.Registration = row.CancellationToken.UnsafeRegister(static state => ((PendingRow)state!).Queue.Scheduler.Cancel((PendingRow)state), row);
        return true;
    }

    private long DeadlineOf(RequestClass requestClass, TimeSpan? deadline) =>
        _scheduler.Clock.Now + _scheduler.Clock.FromTimeSpan(deadline ?? DefaultDeadlines[(int)requestClass]);

    private static void ThrowIfNotInputsOf(ModelHandle model, ReadOnlySpan<RowInput> inputs, int outputCount)
    {
        if (inputs.Length != model.Inputs.Count || outputCount != model.Outputs.Count)
        {
            throw new ArgumentException(
                $"A row of model '{model.Name}' has {model.Inputs.Count} inputs ({string.Join(", ", model.Inputs)}) and {model.Outputs.Count} outputs ({string.Join(", ", model.Outputs)}), not {inputs.Length} and {outputCount}.");
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].IsInteger != model.InputIsInteger[i])
                throw new ArgumentException($"Input '{model.Inputs[i]}' of model '{model.Name}' takes {(model.InputIsInteger[i] ? "int64" : "float")} values.");
        }
    }
}
