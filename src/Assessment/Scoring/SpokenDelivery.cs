using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>
/// How fluently an answer was said, as figures: fillers, pauses and how evenly the speaker kept to their own pace. Pitch and loudness are left out: they depend on
/// the voice and the microphone more than on the speaker's skill.
/// </summary>
/// <param name="Level">1 to 5.</param>
internal sealed record SpokenDelivery(double Level)
{
    /// <summary>Less speech than this says nothing about fluency.</summary>
    public static readonly TimeSpan ShortestSpeech = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(2);

    /// <param name="utterances">Of the answer.</param>
    /// <param name="usualRate">Of the speaker, <see cref="SpeakerPace.UsualRate"/>; null: pace is left out.</param>
    /// <returns>Null where too little was said.</returns>
    public static SpokenDelivery? Of(IReadOnlyList<UtteranceProsody> utterances, double? usualRate)
    {
        var seconds = utterances.Sum(u => u.Range.Duration.TotalSeconds);
        if (seconds < ShortestSpeech.TotalSeconds)
            return null;
        var words = utterances.Sum(u => u.WordCount);
        var parts = new List<double>
        {
            Scale(utterances.Sum(u => u.InnerPauseShare * u.Range.Duration.TotalSeconds) / seconds, best: 0.15, worst: 0.5),
            Scale(utterances.Skip(1).Count(u => u.PauseBefore > LongPause) / (seconds / 60), best: 1, worst: 6),
        };
        if (words > 0)
            parts.Add(Scale(100.0 * utterances.Sum(u => u.FillerCount) / (words + utterances.Sum(u => u.FillerCount)), best: 2, worst: 12));
        var rates = utterances.Select(u => u.SyllablesPerSecond).Where(rate => rate > 0).ToList();
        if (usualRate is { } usual && rates.Count > 0)
            parts.Add(Scale(rates.Average(rate => Math.Abs(Math.Log(rate / usual))), best: 0.1, worst: 0.5));
        return new SpokenDelivery(parts.Average());
    }

    private static double Scale(double value, double best, double worst) => 5 - (4 * Math.Clamp((value - best) / (worst - best), 0, 1));
}
