namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Counts syllable nuclei: peaks of intensity that are voiced, not far below the loudest, and parted from the peak before by a dip (de Jong and Wempe 2009,
/// Behavior Research Methods 41:385; their constants). Pure.
/// </summary>
internal static class SyllableCounter
{
    /// <summary>Peaks this far below the loudest frame are no syllables, and frames below it are pause.</summary>
    public const double SilenceDb = 25;

    // The paper's value for clean sound; speech over the internet has been cleaned by the browser.
    private const double LeastDipDb = 2;

    /// <param name="intensity">dB, one value each 10 ms, smoothed.</param>
    /// <param name="voiced">Whether a pitch was found there.</param>
    /// <param name="loudest">dB of the loudest part.</param>
    public static int Count(ReadOnlySpan<double> intensity, ReadOnlySpan<bool> voiced, double loudest)
    {
        var count = 0;
        var peak = -1;
        var dip = double.MaxValue;
        for (var i = 1; i < intensity.Length - 1; i++)
        {
            dip = Math.Min(dip, intensity[i]);
            if (intensity[i] <= intensity[i - 1] || intensity[i] < intensity[i + 1] || intensity[i] < loudest - SilenceDb)
                continue;
            if (peak >= 0 && Math.Min(intensity[peak], intensity[i]) - dip < LeastDipDb)
            {
                // The same hill: its higher summit stands for it.
                if (intensity[i] <= intensity[peak])
                    continue;
            }
            else if (peak >= 0 && voiced[peak])
            {
                count++;
            }

            peak = i;
            dip = intensity[i];
        }

        return peak >= 0 && voiced[peak] ? count + 1 : count;
    }
}
