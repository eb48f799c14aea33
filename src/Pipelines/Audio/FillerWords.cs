namespace MediaScore.Pipelines.Audio;

/// <summary>Counts fillers and words of a transcript. Pure.</summary>
/// <remarks>
/// Sounds of hesitation (um, uh, er, erm, hm, mm and their spellings) always count. "You know" counts where a comma or full stop follows or a comma precedes it:
/// "you know the answer" is no filler. "Like" counts only between two commas. The recogniser leaves out some hesitations, so the count is a lower bound.
/// </remarks>
internal static class FillerWords
{
    private static readonly HashSet<string> Hesitations =
        ["um", "umm", "uhm", "uh", "uhh", "er", "err", "erm", "ehm", "hm", "hmm", "mm", "mmm", "mhm", "ah", "eh"];

    public static (int FillerCount, int WordCount) Count(string text)
    {
        var tokens = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var fillers = 0;
        var words = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            var word = Bare(tokens[i]);
            if (word.Length == 0)
                continue;
            var afterComma = i > 0 && tokens[i - 1].EndsWith(',');
            if (Hesitations.Contains(word) || (word == "like" && afterComma && tokens[i].EndsWith(',')))
            {
                fillers++;
            }
            else if (word == "you" && i + 1 < tokens.Length && Bare(tokens[i + 1]) == "know" && (afterComma || EndsClause(tokens[i + 1])))
            {
                fillers++;
                i++;
            }
            else
            {
                words++;
            }
        }

        return (fillers, words);
    }

    private static bool EndsClause(string token) => token[^1] is ',' or '.' or '?' or '!' or ';';

    private static string Bare(string token)
    {
        var (start, end) = (0, token.Length);
        while (start < end && !char.IsLetterOrDigit(token[start]))
            start++;
        while (end > start && !char.IsLetterOrDigit(token[end - 1]))
            end--;
        return token[start..end].ToLowerInvariant();
    }
}
