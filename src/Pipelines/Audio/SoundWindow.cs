namespace MediaScore.Pipelines.Audio;

/// <summary>What is measured of each 32 ms window (512 samples) as it passes.</summary>
/// <param name="Probability">Of speech, 0 to 1.</param>
/// <param name="Power">Mean square of the samples, full scale = 1.</param>
/// <param name="ClippedCount">Samples at the rails.</param>
/// <param name="TonalShare">Share of the power that lies in tones held for 200 ms and more, 0 to 1.</param>
internal readonly record struct SoundWindow(float Probability, float Power, int ClippedCount, float TonalShare)
{
    /// <summary>Samples of one window: what the voice-activity model takes at 16 kHz.</summary>
    public const int SampleCount = 512;

    public const int SampleRate = 16_000;

    // One code of 16 bits under full scale would do for clean converters; codecs ring around the rail, so a little is allowed for.
    private const float Rail = 0.985f;

    /// <summary>Measures what needs no model.</summary>
    public static (float Power, int ClippedCount) Measure(ReadOnlySpan<float> samples)
    {
        // Four sums a lane apart would be faster, but the order of addition is part of the result.
        double sum = 0;
        var clipped = 0;
        foreach (var sample in samples)
        {
            sum += sample * sample;
            if (Math.Abs(sample) >= Rail)
                clipped++;
        }

        return ((float)(sum / samples.Length), clipped);
    }
}
