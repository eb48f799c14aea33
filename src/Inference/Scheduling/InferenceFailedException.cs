namespace MediaScore.Inference;

/// <summary>
/// A model could not answer one request: its run threw, or its output held a value that is not finite. Only the request that caused it fails; rows that
/// shared its batch are run again alone.
/// </summary>
public sealed class InferenceFailedException(string modelName, string message, Exception? innerException = null)
    : Exception($"Model '{modelName}': {message}", innerException)
{
    public string ModelName { get; } = modelName;
}
