using System.Security.Cryptography;
using System.Text;

namespace MediaScore.Timeline;

/// <summary>One sentence of an answer and where it was said.</summary>
/// <param name="Index">From 0, in order.</param>
/// <param name="Text">Trimmed, never empty.</param>
/// <param name="Range">From its first to its last word; of a written answer, the moment it was sent.</param>
public readonly record struct AnswerSentence(int Index, string Text, MediaRange Range)
{
    // 32 bits: it tells apart the few wordings that one place of one answer ever has.
    private const int HashHexDigits = 8;

    /// <summary>Tells this wording from another at the same place of the answer; computed at each call.</summary>
    /// <returns>The first 8 hex digits of the SHA-256 of the text in UTF-8.</returns>
    public string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..HashHexDigits];
}

/// <summary>
/// Cuts an answer into sentences: the one place that does, because the writer of <see cref="AnchorSimilarity"/> and its reader (the scorer) must agree on
/// what "sentence 3" is.
/// </summary>
public static class AnswerText
{
    /// <summary>Sentences of a spoken answer: those utterances whose middle lies in <paramref name="answer"/>, in media order, cut at . ! ? and their Chinese twins.</summary>
    public static IReadOnlyList<AnswerSentence> Sentences(IEnumerable<UtteranceTranscript> transcripts, MediaRange answer)
    {
        var sentences = new List<AnswerSentence>();
        foreach (var utterance in transcripts.Where(t => t.Text.Length > 0 && answer.ContainsMiddleOf(t.Range)).OrderBy(t => t.Range.Start))
        {
            var wordIndex = 0;
            foreach (var text in Split(utterance.Text))
            {
                var wordCount = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
                var range = utterance.Range;
                if (wordIndex + wordCount <= utterance.Words.Count)
                    range = new MediaRange(utterance.Words[wordIndex].Range.Start, utterance.Words[wordIndex + wordCount - 1].Range.End);
                wordIndex += wordCount;
                sentences.Add(new AnswerSentence(sentences.Count, text, range));
            }
        }

        return sentences;
    }

    /// <summary>Sentences of a written answer; all of them carry the moment it was sent.</summary>
    public static IReadOnlyList<AnswerSentence> Sentences(WrittenAnswer answer) =>
        [.. Split(answer.Text).Select((text, index) => new AnswerSentence(index, text, answer.Range))];

    /// <summary>
    /// Those of <paramref name="similarities"/> that speak of these very sentences. An answer that was heard again may have other words at the same place of it, and what
    /// was compared before that stays in the timeline.
    /// </summary>
    /// <param name="similarities">Of one answer.</param>
    /// <param name="sentences">Of that answer, as they stand: all of them, in order.</param>
    public static IEnumerable<AnchorSimilarity> OfStanding(IEnumerable<AnchorSimilarity> similarities, IReadOnlyList<AnswerSentence> sentences)
    {
        var hashes = sentences.Select(s => s.ComputeHash()).ToArray();

        // Earlier versions wrote no hash: there a sentence that begins and ends with other words is another one, which is nearly always so.
        return similarities.Where(s => s.SentenceIndex >= 0 && s.SentenceIndex < hashes.Length
            && (s.SentenceHash is { } hash ? hash == hashes[s.SentenceIndex] : s.Range == sentences[s.SentenceIndex].Range));
    }

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var last = i + 1 == text.Length;
            var ends = text[i] is '\n' or '。' or '！' or '？' or '；' || (text[i] is '.' or '!' or '?' && (last || char.IsWhiteSpace(text[i + 1])));
            if (!ends && !last)
                continue;
            var sentence = text[start..(i + 1)].Trim();
            start = i + 1;
            if (sentence.Any(char.IsLetterOrDigit))
                yield return sentence;
        }
    }
}
