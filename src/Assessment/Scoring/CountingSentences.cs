using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>
/// Which sentences of an answer say something of their own: not those that read the question out again (similarity to the topic would reward them), and a
/// sentence that is repeated counts once.
/// </summary>
internal static class CountingSentences
{
    // Of a sentence's three-word runs. A recogniser hears a question that is read out with one or two words changed.
    private const double EchoShare = 0.7;

    private const int RunLength = 3;

    public static IReadOnlyList<AnswerSentence> Of(IReadOnlyList<AnswerSentence> sentences, string questionText)
    {
        var question = Runs(Units(questionText)).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. sentences.Where(sentence =>
        {
            var units = Units(sentence.Text);
            var runs = Runs(units).ToList();
            var echoes = runs.Count > 0 && runs.Count(question.Contains) >= EchoShare * runs.Count;
            return !echoes && seen.Add(string.Join(' ', units));
        })];
    }

    private static IEnumerable<string> Runs(List<string> units) =>
        Enumerable.Range(0, Math.Max(0, units.Count - RunLength + 1)).Select(i => string.Join(' ', units.Skip(i).Take(RunLength)));

    /// <summary>Words in lower case; each Chinese character is one.</summary>
    private static List<string> Units(string text)
    {
        var units = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var chinese = i < text.Length && text[i] is >= '\u4E00' and <= '\u9FFF';
            var inWord = i < text.Length && !chinese && (char.IsLetterOrDigit(text[i]) || text[i] is '\'' or '\u2019');
            if (inWord && start < 0)
                start = i;
            if (inWord)
                continue;
            if (start >= 0)
                units.Add(text[start..i].ToLowerInvariant());
            start = -1;
            if (chinese)
                units.Add(text[i].ToString());
        }

        return units;
    }
}
