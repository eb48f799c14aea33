namespace MediaScore.TestMedia;

/// <summary>Sound made of numbers alone, for tests that need no meaning: the same seed gives the same samples everywhere.</summary>
public static class SyntheticSound
{
    private const int SampleRate = 16_000;

    /// <summary>Something like a voice: harmonics of a gliding pitch in syllables of 0.1 to 0.3 s, with breaks, over a little noise. 16 kHz, within -1 to 1.</summary>
    public static float[] Babble(int seed, double seconds)
    {
        var random = new Random(seed);
        var samples = new float[(int)(seconds * SampleRate)];
        var phase = 0.0;
        for (var start = 0; start < samples.Length;)
        {
            var length = random.Next(SampleRate / 10, SampleRate * 3 / 10);
            var (pitch, glide, brightness, loudness) = (random.Next(90, 240), random.NextDouble() - 0.5, random.NextDouble(), random.Next(4) == 0 ? 0 : 0.3);
            for (var i = start; i < Math.Min(start + length, samples.Length); i++)
            {
                var position = (double)(i - start) / length;
                phase += 2 * Math.PI * pitch * (1 + (glide * position)) / SampleRate;
                var voice = 0.0;
                for (var harmonic = 1; harmonic <= 12; harmonic++)
                    voice += Math.Sin(phase * harmonic) * Math.Pow(brightness, harmonic / 4.0) / harmonic;
                samples[i] = (float)((voice * loudness * Math.Sin(Math.PI * position)) + ((random.NextDouble() - 0.5) * 0.01));
            }

            start += length;
        }

        return samples;
    }
}
