namespace MediaScore.MediaServer.Sessions;

/// <summary>Why a new interview was refused.</summary>
internal enum RefusalReason
{
    None,
    TooManyInterviews,
    PoolSaturated,
    DiskLow,
}

/// <summary>Answer to one request for a place.</summary>
/// <param name="Message">What is exhausted, its figure and the limit; empty when admitted.</param>
/// <param name="RetryAfter">Set when refused.</param>
internal readonly record struct AdmissionDecision(RefusalReason Reason, string Message, TimeSpan RetryAfter)
{
    public bool Admitted => Reason == RefusalReason.None;
}
