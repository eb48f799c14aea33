namespace MediaScore.Inference;

/// <summary>A model that the pool holds loaded. Thread-safe; lives until the pool is disposed.</summary>
public sealed class ModelHandle
{
    internal ModelHandle(ModelLoad load, IReadOnlyList<string> inputs, IReadOnlyList<bool> inputIsInteger, IReadOnlyList<string> outputs) =>
        (Load, Inputs, InputIsInteger, Outputs) = (load, inputs, inputIsInteger, outputs);

    public string Name => Load.Name;

    public int MaxBatch => Load.MaxBatch;

    /// <summary>Names of a row's inputs, in the order in which callers pass them.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Names of a row's outputs, in the order of the callers' buffers.</summary>
    public IReadOnlyList<string> Outputs { get; }

    internal ModelLoad Load { get; }

    /// <summary>Set once, before anyone else has the handle.</summary>
    internal ModelQueue? Queue { get; set; }

    internal IReadOnlyList<bool> InputIsInteger { get; }
}
