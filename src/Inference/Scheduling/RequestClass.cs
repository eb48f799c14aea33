namespace MediaScore.Inference;

/// <summary>Who waits for an answer of the pool. A lower value goes first; within a class the earliest deadline does.</summary>
public enum RequestClass
{
    /// <summary>Sound of a running interview. Never dropped: a caller waits for a place in the queue.</summary>
    Live,

    /// <summary>A person waits at a door. Never dropped.</summary>
    Terminal,

    /// <summary>Live video. Refused when its queue is full, dropped when its deadline passes before it runs; both are counted.</summary>
    Sampled,

    /// <summary>Work that can catch up (the final pass, a replay). Never dropped, and never starved: see <see cref="InferenceOptions.DeferredShare"/>.</summary>
    Deferred,
}
