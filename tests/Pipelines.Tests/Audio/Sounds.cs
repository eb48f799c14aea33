using MediaScore.TestMedia;

namespace MediaScore.Pipelines.Tests.Audio;

/// <summary>Signals with known answers, 16 kHz.</summary>
internal static class Sounds
{
    public const int Rate = 16_000;

    public static float[] Silence(double seconds) => new float[(int)(seconds * Rate)];

    public static float[] Join(params float[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>A buzz with harmonics that fall by 6 dB an octave, like a voice without a mouth. The glide keeps it from being a held tone.</summary>
    public static float[] Voice(double pitchHz, double seconds, double amplitude = 0.2, double glideSemitonesPerSecond = 0, double swingSemitones = 0)
    {
        var samples = new float[(int)(seconds * Rate)];
        double phase = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var time = (double)i / Rate;
            var pitch = pitchHz * Math.Pow(2, (glideSemitonesPerSecond * time + swingSemitones * Math.Sin(2 * Math.PI * 1.7 * time)) / 12);
            phase += 2 * Math.PI * pitch / Rate;
            for (var harmonic = 1; harmonic <= 12 && harmonic * pitch < 4000; harmonic++)
                samples[i] += (float)(amplitude / harmonic * Math.Sin(harmonic * phase));
        }

        return samples;
    }

    /// <summary>That voice with a speaker's melody, opening and closing so many times a second, from closed to closed.</summary>
    public static float[] Syllables(double rateHz, double seconds, double pitchHz = 120)
    {
        var samples = Voice(pitchHz, seconds, swingSemitones: 2.5);
        for (var i = 0; i < samples.Length; i++)
            samples[i] *= (float)(0.05 + 0.95 * (0.5 - 0.5 * Math.Cos(2 * Math.PI * rateHz * i / Rate)));
        return samples;
    }

    public static float[] PinkNoise(double seconds, int seed, double amplitude = 0.1)
    {
        var random = new Random(seed);
        double slow = 0, middle = 0, fast = 0;
        var samples = new float[(int)(seconds * Rate)];
        for (var i = 0; i < samples.Length; i++)
        {
            // Three one-pole filters of white noise (Kellet's economy form).
            var white = random.NextDouble() * 2 - 1;
            slow = 0.99765 * slow + white * 0.0990460;
            middle = 0.96300 * middle + white * 0.2965164;
            fast = 0.57000 * fast + white * 1.0526913;
            samples[i] = (float)(amplitude * (slow + middle + fast + white * 0.1848));
        }

        return samples;
    }

    /// <summary>Notes of a plucked string, one after the other, on random steps of two octaves.</summary>
    public static float[] Melody(double seconds, int seed, double noteSeconds = 0.3)
    {
        var random = new Random(seed);
        var samples = new List<float>();
        while (samples.Count < seconds * Rate)
        {
            var note = Voice(196 * Math.Pow(2, random.Next(25) / 12.0), noteSeconds * (1 + random.Next(3)), 0.15);
            for (var i = 0; i < note.Length; i++)
                note[i] *= (float)Math.Exp(-2.0 * i / Rate);
            samples.AddRange(note);
        }

        return [.. samples];
    }

    /// <summary>Four chords over and over.</summary>
    public static float[] Chords(double seconds)
    {
        double[][] chords = [[261.6, 329.6, 392], [220, 261.6, 329.6], [174.6, 220, 261.6], [196, 246.9, 293.7]];
        var samples = new List<float>();
        for (var i = 0; samples.Count < seconds * Rate; i++)
        {
            var voices = chords[i % 4].Select(pitch => Voice(pitch, 1, 0.08)).ToArray();
            samples.AddRange(Enumerable.Range(0, Rate).Select(k => voices.Sum(voice => voice[k])));
        }

        return [.. samples];
    }

    public static float[] WhiteNoise(double seconds, int seed, double amplitude = 0.2) => Tones.Noise((int)(seconds * Rate), seed, amplitude);
}
