namespace MediaScore.Inference;

/// <summary>A model that the pool holds loaded. Thread-safe; lives until the pool is disposed.</summary>
public sealed class ModelHandle
{
    internal ModelHandle(ModelLoad load) => Load = load;

    public string Name => Load.Name;

    public int MaxBatch => Load.MaxBatch;

    internal ModelLoad Load { get; }
}
