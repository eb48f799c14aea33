namespace MediaScore.Load.Speech;

/// <summary>Where somebody speaks in an utterance, by the energy of the source itself: the truth that a server's answer is timed against.</summary>
internal static class VoicedRange
{
    private const int SampleRate = 16_000;

    // 10 ms: a packet has two of them.
    private const int FrameSamples = SampleRate / 100;

    // Below the loud part of speech. Final consonants lie 20 to 30 dB under a vowel, a quiet room 40 and more.
    private const double BelowLoudDb = 32;

    // A click has one frame, a sound of speech more.
    private const int FewestFrames = 3;

    /// <returns>First and last voiced sample's times; the whole where nothing stands out.</returns>
    public static (TimeSpan Start, TimeSpan End) Of(ReadOnlySpan<float> samples)
    {
        var levels = new double[samples.Length / FrameSamples];
        for (var i = 0; i < levels.Length; i++)
            levels[i] = LevelDb(samples.Slice(i * FrameSamples, FrameSamples));
        if (levels.Length == 0)
            return (TimeSpan.Zero, At(samples.Length));
        var sorted = levels.Order().ToArray();
        var threshold = sorted[(int)(0.95 * (sorted.Length - 1))] - BelowLoudDb;
        var (first, last, run) = (-1, -1, 0);
        for (var i = 0; i < levels.Length; i++)
        {
            run = levels[i] >= threshold ? run + 1 : 0;
            if (run < FewestFrames)
                continue;
            first = first < 0 ? i - run + 1 : first;
            last = i;
        }

        return first < 0 ? (TimeSpan.Zero, At(samples.Length)) : (At(first * FrameSamples), At((last + 1) * FrameSamples));
    }

    private static TimeSpan At(int sample) => TimeSpan.FromTicks(sample * TimeSpan.TicksPerSecond / SampleRate);

    private static double LevelDb(ReadOnlySpan<float> frame)
    {
        var sum = 0.0;
        foreach (var sample in frame)
            sum += sample * sample;
        return 10 * Math.Log10(1e-12 + (sum / frame.Length));
    }
}
