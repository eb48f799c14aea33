namespace MediaScore.DeviceStreams.Isapi;

/// <summary>How one device is doing, for an operator.</summary>
/// <param name="Words">What is the matter and what to do; without secrets.</param>
/// <param name="RetryAt">When it is tried again by itself; null where it is not, or need not be.</param>
/// <param name="Door">Who decides at its door, in words; empty before that is known.</param>
public sealed record IsapiStatus(string DeviceId, IsapiPhase Phase, string Words, DateTimeOffset Since, DateTimeOffset? RetryAt, string Door, IsapiCounts Counts);
