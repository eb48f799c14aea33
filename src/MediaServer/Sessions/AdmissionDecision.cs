namespace MediaScore.MediaServer.Sessions;

/// <summary>Why a new interview was refused.</summary>
internal enum RefusalReason
{
    None,

    /// <summary>Admission:MaxInterviews are here.</summary>
    TooManyInterviews,

    /// <summary>One more would take more CPU than there is.</summary>
    CpuSaturated,

    /// <summary>One more would take more of the inference pool than there is, or what it has comes too late already.</summary>
    PoolSaturated,

    /// <summary>The inference pool answers nobody any more.</summary>
    PoolHangs,

    /// <summary>The disk makes recordings durable too late.</summary>
    DiskSlow,

    /// <summary>The disk is nearly full.</summary>
    DiskLow,
}

/// <summary>Answer to one request for a place.</summary>
/// <param name="Message">What is exhausted, its figure and the limit; empty when admitted.</param>
/// <param name="RetryAfter">Set when refused.</param>
internal readonly record struct AdmissionDecision(RefusalReason Reason, string Message, TimeSpan RetryAfter)
{
    public bool Admitted => Reason == RefusalReason.None;
}
