using Microsoft.Extensions.Logging;

namespace MediaScore.Inference;

/// <summary>
/// The one pool of inference workers of a process. Requests carry a class and a deadline; the pool forms batches a model, most urgent first
/// (<see cref="RequestClass"/>, then earliest deadline), and runs them on its own threads. Thread-safe.
/// </summary>
public sealed class InferencePool : IAsyncDisposable
{
    public InferencePool(InferenceOptions options, TimeProvider time, ILogger<InferencePool> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        Time = time;
        _ = logger;
    }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; }

    /// <summary>
    /// Loads a model, or gives the handle of the one already loaded under that name. Blocks for the time of loading (0.05 to 1.5 s).
    /// </summary>
    /// <exception cref="InvalidOperationException">The name is loaded from another file.</exception>
    /// <exception cref="InferenceFailedException">The file is no model that this runtime can load, or a name is not in it.</exception>
    public ModelHandle Load(ModelLoad load) => throw new NotSupportedException("Not yet.");

    /// <summary>
    /// Runs one row of a stateless model, together with rows of other callers of equal shape. The buffers are the pool's until the returned task has ended.
    /// A request that already runs ends even if it is cancelled.
    /// </summary>
    /// <param name="inputs">One an input, in the order of <see cref="ModelLoad.Inputs"/>. The array itself may be reused when the call has returned.</param>
    /// <param name="outputs">One an output, in the order of <see cref="ModelLoad.Outputs"/>; at least the length of the row's output, and only that length is written.</param>
    /// <param name="deadline">From now; null takes the class's own (Live 0.25 s, Terminal 0.5 s, Sampled 2 s, Deferred 60 s). It orders requests; only <c>Sampled</c> ones are dropped after it.</param>
    /// <exception cref="InferenceFailedException">The model failed on this row.</exception>
    public ValueTask<RunOutcome> RunAsync(
        ModelHandle model,
        ReadOnlyMemory<RowInput> inputs,
        ReadOnlyMemory<Memory<float>> outputs,
        RequestClass requestClass,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException("Not yet.");

    /// <summary>Runs one row of a model with one input and one output. See the other overload.</summary>
    public ValueTask<RunOutcome> RunAsync(
        ModelHandle model,
        RowInput input,
        Memory<float> output,
        RequestClass requestClass,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException("Not yet.");

    /// <summary>Opens a recurrent state of zeros in a model that has one. Dispose it.</summary>
    /// <param name="owner">An id that names the owner of a leak.</param>
    /// <exception cref="InvalidOperationException">The model has no state, or <see cref="InferenceOptions.MaxSlots"/> are open.</exception>
    public StateSlot OpenSlot(ModelHandle model, string owner) => throw new NotSupportedException("Not yet.");

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
        CancellationToken cancellationToken = default) => throw new NotSupportedException("Not yet.");

    /// <summary>
    /// Steps a recurrent model <paramref name="stepCount"/> times without coming back to the caller between steps (a recording that is read again). Each step still
    /// shares batches with other slots. On cancellation the slot stands after the last whole step.
    /// </summary>
    /// <param name="inputs">The inputs of all steps, one after another: <paramref name="stepCount"/> rows.</param>
    /// <param name="shape">Shape of one step's row.</param>
    /// <param name="outputs">The outputs of all steps, one after another.</param>
    public ValueTask<RunOutcome> StepManyAsync(
        StateSlot slot,
        ReadOnlyMemory<float> inputs,
        RowShape shape,
        int stepCount,
        Memory<float> outputs,
        RequestClass requestClass,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException("Not yet.");

    /// <summary>Gives a continuous batch a place among the models. It is stepped whenever it has work and is the most urgent.</summary>
    public ContinuousBatchRegistration Register(IContinuousBatch batch) => throw new NotSupportedException("Not yet.");

    public PoolStatistics Snapshot() => throw new NotSupportedException("Not yet.");

    /// <summary>Takes no new request, runs what is queued, ends the workers, unloads the models. Idempotent.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
