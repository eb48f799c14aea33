namespace MediaScore.Load.Speech;

/// <summary>
/// Where somebody speaks in an utterance, by the energy of the source itself: the truth that a server's answer is timed against. One rule for this program and for
/// <c>bench/Captions</c>, which builds this file as well.
/// </summary>
/// <param name="NoiseMarginDb">How much louder the loud part of speech is than what must be taken for noise.</param>
internal readonly record struct VoicedRange(TimeSpan Start, TimeSpan End, double NoiseMarginDb)
{
    /// <summary>Below the loud part of speech: final consonants lie 20 to 30 dB under a vowel, a quiet room 40 and more.</summary>
    public const double BelowLoudDb = 32;

    /// <summary>Less than this between the loud part and the noise, and the noise hides final consonants: nobody can say to 100 ms when such an utterance ends.</summary>
    public const double ClearMarginDb = 20;

    private const int SampleRate = 16_000;

    // 10 ms: a packet has two of them.
    private const int FrameSamples = SampleRate / 100;

    // A click has one frame, a sound of speech more.
    private const int FewestFrames = 3;

    // Every recording has a twentieth of it in pauses, between words if nowhere else.
    private const double FloorShare = 0.05;

    // Frames of steady noise lie up to 8 dB over its quietest twentieth (seen in the recordings), hardly ever three in a row over 10 dB.
    private const double AboveFloorDb = 10;

    /// <summary>Whether the end is known well enough to time an answer from it.</summary>
    public bool IsClear => NoiseMarginDb >= ClearMarginDb;

    /// <summary>
    /// Speech is what is less than <paramref name="belowLoudDb"/> weaker than the loud part and above the recording's own noise, whichever is louder: a threshold by the loud
    /// part alone finds speech in a noisy recording to the last sample of the file.
    /// </summary>
    /// <returns>First and last voiced sample's times; the whole where nothing stands out.</returns>
    public static VoicedRange Of(ReadOnlySpan<float> samples, double belowLoudDb = BelowLoudDb)
    {
        var levels = new double[samples.Length / FrameSamples];
        for (var i = 0; i < levels.Length; i++)
            levels[i] = LevelDb(samples.Slice(i * FrameSamples, FrameSamples));
        if (levels.Length == 0)
            return new VoicedRange(TimeSpan.Zero, At(samples.Length), 0);
        var sorted = levels.Order().ToArray();
        var loud = sorted[(int)(0.95 * (sorted.Length - 1))];
        var noise = sorted[(int)(FloorShare * (sorted.Length - 1))] + AboveFloorDb;
        var threshold = Math.Max(loud - belowLoudDb, noise);
        var (first, last, run) = (-1, -1, 0);
        for (var i = 0; i < levels.Length; i++)
        {
            run = levels[i] >= threshold ? run + 1 : 0;
            if (run < FewestFrames)
                continue;
            first = first < 0 ? i - run + 1 : first;
            last = i;
        }

        return first < 0
            ? new VoicedRange(TimeSpan.Zero, At(samples.Length), loud - noise)
            : new VoicedRange(At(first * FrameSamples), At((last + 1) * FrameSamples), loud - noise);
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
