using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Estimates when each word was said: the recogniser gives no times, so the speech windows of the utterance are dealt out to the words in proportion to their
/// characters. Good enough to find a quote (a few tenths of a second), not to cut a word. Pure.
/// </summary>
internal static class WordTimes
{
    /// <param name="text">As the recogniser wrote it; words are what blanks part, the way <see cref="AnswerText"/> counts them.</param>
    /// <param name="span">The utterance.</param>
    /// <param name="speechProbability">What counts as a speech window.</param>
    public static IReadOnlyList<TimedWord> Estimate(string text, UtteranceSpan span, float speechProbability)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var speech = SpeechWindowStarts(span, speechProbability);

        // One more for the blank, so that "a" is not a fifth of "about".
        double total = words.Sum(word => word.Length + 1);
        double before = 0;
        var timed = new TimedWord[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            var start = PositionAt(before / total * speech.Count, ofEnd: false);
            before += words[i].Length + 1;
            var end = PositionAt(before / total * speech.Count, ofEnd: true);
            timed[i] = new TimedWord(words[i], new MediaRange(Time(start), Time(Math.Max(start, end))));
        }

        return timed;

        // A word begins in the window where its share begins and ends in the one where its share ends, so that a pause lies between words and not in one.
        long PositionAt(double place, bool ofEnd)
        {
            var index = Math.Clamp(ofEnd ? (int)Math.Ceiling(place) - 1 : (int)place, 0, speech.Count - 1);
            var position = speech[index] + (long)Math.Round((place - index) * SoundWindow.SampleCount);
            return Math.Clamp(position, span.Start, span.End);
        }
    }

    private static MediaTime Time(long position) => MediaTime.FromSamples(position, SoundWindow.SampleRate);

    private static List<long> SpeechWindowStarts(UtteranceSpan span, float speechProbability)
    {
        var starts = new List<long>(span.Windows.Count + 1);
        for (var i = 0; i < span.Windows.Count; i++)
        {
            if (span.Windows[i].Probability >= speechProbability)
                starts.Add(span.FirstWindowStart + (long)i * SoundWindow.SampleCount);
        }

        if (starts.Count == 0)
            starts.Add(span.VoicedStart);
        return starts;
    }
}
