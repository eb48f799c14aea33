using System.Diagnostics.CodeAnalysis;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Measures pitch, loudness, pauses and syllable rate of one utterance. Constructed only where prosody is permitted. A pure function of the samples; thread-safe.
/// </summary>
internal sealed class ProsodyAnalyzer
{
    private const int Hop = PitchTracker.HopSamples;

    // Fewer voiced frames (50 ms) are a click.
    private const int LeastVoicedFrames = 5;

    // De Jong and Wempe leave out pauses of 300 ms, fluency research mostly 200 to 250; shorter ones are closures of consonants.
    private const int PauseFrames = 20;

    // 64 ms, as Praat smooths intensity for a lowest pitch of 50 Hz: wider than a period, narrower than a syllable.
    private static readonly double[] Smoothing = [0.067, 0.183, 0.25, 0.25, 0.183, 0.067];

    /// <param name="samples">From the first to the last speech window, 16 kHz.</param>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "An object, so that its absence can be shown where prosody is not permitted.")]
    public ProsodyMeasures Measure(ReadOnlySpan<float> samples)
    {
        var frameCount = samples.Length / Hop;
        if (frameCount == 0)
            return new ProsodyMeasures(null, null, Decibels.Floor, 0, 0, 0);
        var power = new double[frameCount];
        for (var i = 0; i < frameCount; i++)
            power[i] = SoundWindow.Measure(samples.Slice(i * Hop, Hop)).Power;
        var intensity = Intensity(power);

        // The 99th percentile, as the paper has it: one click must not set the scale.
        var loudest = intensity.Order().ElementAt((int)(0.99 * (frameCount - 1)));
        var voiced = new bool[frameCount];

        // Its work space is small, and utterances may be measured at the same time.
        var tracker = new PitchTracker();
        var pitches = new List<double>(frameCount);
        double voicedPower = 0;
        for (var i = 0; i < frameCount; i++)
        {
            if (intensity[i] < loudest - SyllableCounter.SilenceDb)
                continue;
            var pitch = tracker.PitchAt(samples, i * Hop + Hop / 2);
            if (pitch <= 0)
                continue;
            voiced[i] = true;
            pitches.Add(pitch);
            voicedPower += power[i];
        }

        var pauseFrames = PausesIn(intensity, loudest - SyllableCounter.SilenceDb);
        var soundSeconds = (frameCount - pauseFrames) * Hop / (double)SoundWindow.SampleRate;
        var syllables = SyllableCounter.Count(intensity, voiced, loudest);
        pitches.Sort();
        var enough = pitches.Count >= LeastVoicedFrames;
        return new ProsodyMeasures(
            enough ? Percentile(pitches, 0.5) : null,
            enough ? 12 * Math.Log2(Percentile(pitches, 0.9) / Percentile(pitches, 0.1)) : null,
            Decibels.FromPower(pitches.Count > 0 ? voicedPower / pitches.Count : power.Average()),
            (double)pauseFrames / frameCount,
            soundSeconds > 0 ? syllables / soundSeconds : 0,
            soundSeconds);
    }

    private static double[] Intensity(double[] power)
    {
        var smooth = new double[power.Length];
        for (var i = 0; i < power.Length; i++)
        {
            double sum = 0;
            double weight = 0;
            for (var tap = 0; tap < Smoothing.Length; tap++)
            {
                var at = i + tap - Smoothing.Length / 2;
                if ((uint)at >= (uint)power.Length)
                    continue;
                sum += Smoothing[tap] * power[at];
                weight += Smoothing[tap];
            }

            smooth[i] = Decibels.FromPower(sum / weight);
        }

        return smooth;
    }

    private static int PausesIn(double[] intensity, double silence)
    {
        var pauses = 0;
        var run = 0;
        for (var i = 0; i <= intensity.Length; i++)
        {
            if (i < intensity.Length && intensity[i] < silence)
            {
                run++;
                continue;
            }

            pauses += run >= PauseFrames ? run : 0;
            run = 0;
        }

        return pauses;
    }

    private static double Percentile(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];
}
