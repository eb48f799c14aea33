using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>
/// How fast one speaker usually talks. Computed where it is read, from the whole interview: an utterance that was answered late, because the machine was busy, is in the
/// timeline by then and counts like the others, wherever in it the record stands.
/// </summary>
internal static class SpeakerPace
{
    // The median of two is a mean; of three it survives one odd utterance.
    private const int LeastUtterances = 3;

    // "Yes." has a rate, but it is not how somebody speaks. A second of sound, and the 0.2 s of padding that an utterance has at either end.
    private const double LeastSeconds = 1.4;

    /// <param name="utterances">Of the whole interview, in any order, each once.</param>
    /// <returns>Median, in syllables a second of sound; null where too few were heard to tell.</returns>
    public static double? UsualRate(IEnumerable<UtteranceProsody> utterances)
    {
        var rates = utterances.Where(u => u.Range.Duration.TotalSeconds * (1 - u.InnerPauseShare) >= LeastSeconds).Select(u => u.SyllablesPerSecond).Order().ToArray();
        if (rates.Length < LeastUtterances)
            return null;
        var median = (rates[(rates.Length - 1) / 2] + rates[rates.Length / 2]) / 2;
        return median > 0 ? median : null;
    }
}
