namespace MediaScore.Inference;

/// <summary>What the pool must know of a model to run it: names, the largest batch, what is constant and what is recurrent.</summary>
/// <param name="Name">Id of the model as in the catalog; the name in metrics and statistics. One session is held a name.</param>
/// <param name="Path">The <c>.onnx</c> file.</param>
public sealed record ModelLoad(string Name, string Path)
{
    /// <summary>
    /// Most rows of one run. 1 for a model whose file fixes the batch axis, or whose answer to a row depends on its neighbours (a row's answer must be
    /// bit-equal alone and in any batch).
    /// </summary>
    public int MaxBatch { get; init; } = 1;

    /// <summary>Run a lone row as two equal rows: a kernel for one row may round differently from the kernel for many.</summary>
    public bool PadLoneRow { get; init; }

    /// <summary>
    /// Run fewer rows than <see cref="MaxBatch"/> as so many, the last one repeated: on a card the number of rows decides which kernels run, and so a row's last
    /// bits; its place and its neighbours do not, and its time hardly grows with rows. As the build says, by default.
    /// </summary>
    public bool FillBatch { get; init; } = OnnxSessions.IsOnCard;

    /// <summary>
    /// Bind the tensors of a row shape once: false where a binding copies its inputs to a card when they are bound, and not when it runs (onnxruntime issue 5857).
    /// As the build says, by default.
    /// </summary>
    internal bool BindsOnce { get; init; } = !OnnxSessions.IsOnCard;

    /// <summary>Longest wait for batch neighbours, below the class's own (<see cref="InferenceOptions"/>); null leaves the class's.</summary>
    public TimeSpan? MaxBatchWait { get; init; }

    /// <summary>Names of the inputs of a row, in the order in which callers pass them; null takes the file's order less constants and state.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>Names of the outputs wanted, in the order of the callers' buffers; null takes all of the file's less the state. All are float.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Inputs that are the same in every run.</summary>
    public IReadOnlyList<ModelConstant> Constants { get; init; } = [];

    /// <summary>The recurrent state of a model that is stepped through slots (<see cref="InferencePool.OpenSlot"/>); null for a stateless model.</summary>
    public RecurrentState? State { get; init; }

    /// <summary>
    /// Row shapes differ from request to request (sound of any length, text of any length): tensors are not kept between runs, and the arena grows only by
    /// what is asked for. False: tensors of each row shape are allocated once, bound and kept.
    /// </summary>
    public bool VaryingShapes { get; init; }

    /// <summary>Row shapes, one an input, that are run once at load, at batch 1 and <see cref="MaxBatch"/>, so that the first request is not the slow one.</summary>
    public IReadOnlyList<RowShape>? WarmShape { get; init; }
}

/// <summary>An <c>int64</c> input that is the same in every run, such as a sample rate.</summary>
/// <param name="Shape">Dimensions, without any batch axis; empty for a scalar.</param>
public sealed record ModelConstant(string Input, IReadOnlyList<long> Values, IReadOnlyList<long> Shape);

/// <summary>A float state that a model takes and gives back changed, one a slot. It starts as zeros.</summary>
/// <param name="Input">Name of the state on the way in.</param>
/// <param name="Output">Name of the state on the way out.</param>
/// <param name="RowShape">One row's state without the batch axis: <c>[2, 128]</c> for <c>[2, batch, 128]</c>.</param>
/// <param name="BatchAxis">Where the batch axis stands: 1 for <c>[2, batch, 128]</c>. At most 1.</param>
public sealed record RecurrentState(string Input, string Output, RowShape RowShape, int BatchAxis);
