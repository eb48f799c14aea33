namespace MediaScore.Pipelines.Audio;

/// <summary>One speaker's usual syllable rate: the median of the utterances heard before. Not thread-safe.</summary>
internal sealed class SpeakerPace
{
    // The median of two is a mean; of three it survives one odd utterance.
    private const int LeastUtterances = 3;

    // "Yes." has a rate, but it is not how somebody speaks.
    private const double LeastSoundSeconds = 1;

    private readonly List<double> _rates = [];

    /// <summary>Compares an utterance with those before it, then remembers it.</summary>
    /// <returns>Rate divided by the median so far; null where that is not known yet.</returns>
    public double? Compare(double syllablesPerSecond, double soundSeconds)
    {
        double? relative = null;
        if (_rates.Count >= LeastUtterances && _rates[_rates.Count / 2] > 0)
            relative = Math.Round(syllablesPerSecond / Median(), 3);
        if (soundSeconds >= LeastSoundSeconds)
        {
            var at = _rates.BinarySearch(syllablesPerSecond);
            _rates.Insert(at < 0 ? ~at : at, syllablesPerSecond);
        }

        return relative;
    }

    private double Median() => _rates.Count % 2 == 1 ? _rates[_rates.Count / 2] : (_rates[_rates.Count / 2 - 1] + _rates[_rates.Count / 2]) / 2;
}
