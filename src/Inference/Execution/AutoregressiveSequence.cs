namespace MediaScore.Inference;

/// <summary>One sequence between its request and its answer. Touched by the stepping thread alone once it has a slot.</summary>
internal sealed class AutoregressiveSequence(
    ReadOnlyMemory<float> states, int tokenLimit, RequestClass requestClass, long deadline, long order, Task givenUp, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<DecodedSequence> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _tokens = new(tokenLimit);
    private readonly List<float> _logProbabilities = new(tokenLimit + 1);

    public ReadOnlyMemory<float> States { get; } = states;

    public RequestClass RequestClass { get; } = requestClass;

    /// <summary>Timestamp of the pool's clock.</summary>
    public long Deadline { get; } = deadline;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Its caller was told that a step hangs, and has <see cref="States"/> back: nobody waits for it.</summary>
    public bool IsGivenUp => givenUp.IsCompleted;

    public Task<DecodedSequence> Answer => _answer.Task;

    /// <summary>Class, then deadline, then order of arrival.</summary>
    public (RequestClass RequestClass, long Deadline, long Order) Urgency { get; } = (requestClass, deadline, order);

    /// <summary>The one that comes first of two, either of which may not be there.</summary>
    public static AutoregressiveSequence? MoreUrgent(AutoregressiveSequence? one, AutoregressiveSequence? other) =>
        one is null || (other is not null && other.Urgency.CompareTo(one.Urgency) < 0) ? other : one;

    /// <summary>Takes the token of one step.</summary>
    /// <returns>True when the sequence is complete.</returns>
    public bool Take(ChosenToken chosen, int endToken)
    {
        if (chosen.Id == endToken)
        {
            _logProbabilities.Add(chosen.LogProbability);
            return Complete(hitTokenLimit: false);
        }

        if (_tokens.Count == tokenLimit)
            return Complete(hitTokenLimit: true);
        _tokens.Add(chosen.Id);
        _logProbabilities.Add(chosen.LogProbability);
        return false;
    }

    public void Fail(Exception exception) => _answer.TrySetException(exception);

    public void Cancel() => _answer.TrySetCanceled(CancellationToken);

    private bool Complete(bool hitTokenLimit)
    {
        _answer.TrySetResult(new DecodedSequence(_tokens, _logProbabilities, hitTokenLimit));
        return true;
    }
}
