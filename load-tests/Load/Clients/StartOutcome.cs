namespace MediaScore.Load.Clients;

internal enum StartResult
{
    Started,

    /// <summary>The server had no place and said so.</summary>
    Refused,

    Failed,
}

/// <param name="Reason">Why not; the same words for the same cause, so that they can be counted.</param>
/// <param name="RetryAfter">With a refusal: when the server wants to be asked again.</param>
internal readonly record struct StartOutcome(StartResult Result, string Reason = "", TimeSpan? RetryAfter = null)
{
    public static StartOutcome Started => new(StartResult.Started);

    public static StartOutcome Failed(string reason) => new(StartResult.Failed, reason);
}
