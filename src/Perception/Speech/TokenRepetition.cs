namespace MediaScore.Perception.Speech;

/// <summary>A sequence of tokens that follows itself: how an attention decoder fails on music, noise and cut sound.</summary>
/// <param name="PeriodTokens">Length of the repeated sequence, 0 where nothing repeats.</param>
/// <param name="Count">How many times it stands in a row, 0 where nothing repeats, else 2 or more.</param>
public readonly record struct TokenRepetition(int PeriodTokens, int Count)
{
    // A person says a phrase twice or "no, no, no"; the fourth time in a row, or twelve tokens said over again, was a loop in every case looked at.
    private const int LoopCount = 4;
    private const int LoopTokens = 12;

    /// <summary>More than people repeat themselves: the text should be withheld.</summary>
    public bool IsLoop => Count >= LoopCount || (Count - 1) * PeriodTokens >= LoopTokens;
}
