namespace MediaScore.Inference;

/// <summary>How a request to the pool ended. Failures of a model are exceptions (<see cref="InferenceFailedException"/>), load is not.</summary>
public enum RunOutcome
{
    /// <summary>The outputs are in the caller's buffers.</summary>
    Completed,

    /// <summary><see cref="RequestClass.Sampled"/> only: the model's queue was full. The buffers were not touched.</summary>
    RefusedQueueFull,

    /// <summary><see cref="RequestClass.Sampled"/> only: the deadline passed before a worker was free. The buffers were not touched.</summary>
    DroppedLate,
}
