using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>Shares of the measured sound by verdict and time; all zero where nothing was measured.</summary>
internal readonly record struct SoundUsability(double Good, double Poor, double Unusable)
{
    public bool Measured => Good + Poor + Unusable > 0;

    public static SoundUsability Of(IReadOnlyList<AudioQuality> measured)
    {
        double good = 0, poor = 0, unusable = 0;
        foreach (var quality in measured)
        {
            var seconds = Math.Max(0, quality.Range.Duration.TotalSeconds);
            good += quality.Verdict == QualityVerdict.Good ? seconds : 0;
            poor += quality.Verdict == QualityVerdict.Poor ? seconds : 0;
            unusable += quality.Verdict == QualityVerdict.Unusable ? seconds : 0;
        }

        var all = good + poor + unusable;
        return all > 0 ? new SoundUsability(good / all, poor / all, unusable / all) : default;
    }
}
