namespace MediaScore.Perception.Speech;

/// <summary>A sequence of tokens that follows itself: how an attention decoder fails on music, noise and cut sound.</summary>
/// <param name="PeriodTokens">Length of the repeated sequence, 0 where nothing repeats.</param>
/// <param name="Count">How many times it stands in a row, 0 where nothing repeats, else 2 or more.</param>
public readonly record struct TokenRepetition(int PeriodTokens, int Count)
{
    // A person says a phrase twice or "no, no, no"; a fifth time in a row, or twelve tokens said over again, is the model's doing.
    private const int LoopCount = 5;
    private const int LoopTokens = 12;

    // A sentence of a loop is seldom longer, and the search costs tokens times this.
    private const int LongestPeriodTokens = 24;

    /// <summary>More than people repeat themselves: the text should be withheld.</summary>
    public bool IsLoop => Count >= LoopCount || RepeatedTokens >= LoopTokens;

    private int RepeatedTokens => Math.Max(0, Count - 1) * PeriodTokens;

    /// <summary>The repetition that covers most tokens; of equal ones the shortest period.</summary>
    public static TokenRepetition Find(IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var longest = default(TokenRepetition);
        for (var period = 1; period <= Math.Min(LongestPeriodTokens, tokens.Count / 2); period++)
        {
            var run = 0;
            for (var i = period; i < tokens.Count; i++)
            {
                run = tokens[i] == tokens[i - period] ? run + 1 : 0;
                var found = new TokenRepetition(period, (run / period) + 1);
                if (found.Count > 1 && found.RepeatedTokens > longest.RepeatedTokens)
                    longest = found;
            }
        }

        return longest;
    }
}
