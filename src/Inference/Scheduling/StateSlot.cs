namespace MediaScore.Inference;

/// <summary>
/// The recurrent state of one stream (one interview's voice activity) in a model. One step at a time: a second step before the first has ended throws
/// <see cref="InvalidOperationException"/>. A failed or cancelled step leaves the state as it was.
/// </summary>
public sealed class StateSlot : IDisposable
{
    internal StateSlot(ModelHandle model, string owner) => (Model, Owner) = (model, owner);

    public ModelHandle Model { get; }

    /// <summary>Who opened it, named when it leaks.</summary>
    public string Owner { get; }

    /// <summary>Back to zeros: a new stream begins. Not while a step is under way.</summary>
    public void Reset() => throw new NotSupportedException("Not yet.");

    /// <summary>Gives the slot back. Idempotent.</summary>
    public void Dispose()
    {
    }
}
