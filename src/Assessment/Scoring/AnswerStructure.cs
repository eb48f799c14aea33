using System.Text;

namespace MediaScore.Assessment.Scoring;

/// <summary>How an answer is built: how long it is and which signs of a complete answer it shows.</summary>
/// <param name="WordCount">Words; Chinese characters count as two thirds of a word (one word has about one and a half of them).</param>
/// <param name="Level">1 to 5; null where the language has no lexicon.</param>
/// <param name="Signs">In order of the enumeration.</param>
internal sealed record AnswerStructure(int WordCount, double? Level, IReadOnlyList<StructuralSign> Signs)
{
    // An answer of 200 words takes 80 seconds to say; more words show no more.
    private const double FullWords = 200;

    private const int DetailDistinctWords = 40;

    // Hits after which a sign counts fully. One figure may be chance; one result sentence is a result.
    private const int FullHits = 3;

    public static AnswerStructure Of(IReadOnlyList<string> sentences, string language)
    {
        var words = new List<string>();
        var text = Normalise(sentences, words, out var chineseCharacters);
        var wordCount = words.Count + (int)Math.Round(chineseCharacters / 1.5);
        var lexicon = StructureLexicon.For(language);
        if (lexicon is null)
            return new AnswerStructure(wordCount, null, []);

        var hits = new Dictionary<StructuralSign, int>
        {
            [StructuralSign.Situation] = Hits(text, lexicon.Situation, lexicon.WholeWords),
            [StructuralSign.Action] = Hits(text, lexicon.Action, lexicon.WholeWords),
            [StructuralSign.Result] = Hits(text, lexicon.Result, lexicon.WholeWords),
            [StructuralSign.Figures] = Hits(text, lexicon.Figures, lexicon.WholeWords) + words.Count(w => char.IsDigit(w[0])),
            [StructuralSign.Reasons] = Hits(text, lexicon.Reasons, lexicon.WholeWords),
            [StructuralSign.Detail] = words.Distinct().Count() + (chineseCharacters / 2) >= DetailDistinctWords ? FullHits : 0,
        };

        // Actions weigh most: they are what the candidate would do; the length of an answer is worth no more than a quarter.
        var share = (0.25 * Math.Clamp(Math.Log(Math.Max(1, wordCount) / 15.0) / Math.Log(FullWords / 15), 0, 1))
            + (0.10 * Grade(hits[StructuralSign.Situation])) + (0.20 * Grade(hits[StructuralSign.Action])) + (0.15 * Grade(hits[StructuralSign.Result]))
            + (0.10 * Grade(hits[StructuralSign.Figures])) + (0.10 * Grade(hits[StructuralSign.Reasons])) + (0.10 * Grade(hits[StructuralSign.Detail]));
        return new AnswerStructure(wordCount, 1 + (4 * share), [.. hits.Where(h => h.Value > 0).Select(h => h.Key).Order()]);
    }

    private static double Grade(int hits) => hits >= FullHits ? 1 : hits == 2 ? 0.8 : hits == 1 ? 0.5 : 0;

    /// <summary>Lower case, one space between words, one at each end, so that a phrase of whole words is a substring.</summary>
    private static string Normalise(IReadOnlyList<string> sentences, List<string> words, out int chineseCharacters)
    {
        var text = new StringBuilder(" ");
        var word = new StringBuilder();
        chineseCharacters = 0;
        foreach (var sentence in sentences)
        {
            foreach (var c in sentence.Replace('\u2019', '\''))
            {
                if (c is >= '\u4E00' and <= '\u9FFF')
                {
                    Flush();
                    chineseCharacters++;
                    text.Append(c);
                }
                else if (char.IsLetterOrDigit(c) || (c == '\'' && word.Length > 0))
                {
                    word.Append(char.ToLowerInvariant(c));
                }
                else
                {
                    Flush();
                }
            }

            Flush();
        }

        return text.Append(' ').ToString();

        void Flush()
        {
            if (word.Length == 0)
                return;
            words.Add(word.ToString());
            if (text[^1] != ' ')
                text.Append(' ');
            text.Append(word).Append(' ');
            word.Clear();
        }
    }

    private static int Hits(string text, IReadOnlyList<string> phrases, bool wholeWords)
    {
        var hits = 0;
        foreach (var phrase in phrases)
        {
            var sought = wholeWords ? $" {phrase} " : phrase;
            for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sought, at + 1, StringComparison.Ordinal))
                hits++;
        }

        return hits;
    }
}
