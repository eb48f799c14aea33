namespace MediaScore.MediaServer.Sessions;

/// <summary>Why something that a candidate asked for was not done.</summary>
internal enum CandidateRefusal
{
    None,

    /// <summary>Consent first.</summary>
    ConsentPending,

    /// <summary>This modality was not consented to, or the policy forbids it.</summary>
    NotPermitted,

    /// <summary>Answers by voice or video need the browser's media.</summary>
    MediaNotConnected,

    /// <summary>The machine is full; ask again.</summary>
    NoPlace,

    /// <summary>The server stops; ask again, and the next process answers.</summary>
    Stopping,

    /// <summary>The interview is over.</summary>
    Ended,

    /// <summary>The plan's flow does not allow it now.</summary>
    Flow,
}

/// <summary>Answer to a candidate's request.</summary>
/// <param name="Message">For people; empty when done.</param>
/// <param name="RetryAfter">Set with <see cref="CandidateRefusal.NoPlace"/> and <see cref="CandidateRefusal.Stopping"/>.</param>
/// <param name="TimeLeft">For the answer that was begun.</param>
/// <param name="Flow">Set with <see cref="CandidateRefusal.Flow"/>.</param>
internal readonly record struct CandidateOutcome(
    CandidateRefusal Refusal, string Message, TimeSpan RetryAfter = default, TimeSpan TimeLeft = default, Assessment.Plans.FlowRefusal Flow = default)
{
    public static CandidateOutcome Done { get; } = new(CandidateRefusal.None, "");

    public bool Accepted => Refusal == CandidateRefusal.None;
}
