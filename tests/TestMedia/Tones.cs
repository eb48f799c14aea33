using System.Buffers.Binary;

namespace MediaScore.TestMedia;

/// <summary>Sounds whose every sample is known, and measures of them.</summary>
public static class Tones
{
    /// <param name="amplitude">0 to 1.</param>
    public static float[] Sine(double frequencyHz, int sampleRate, double seconds, double amplitude = 0.5)
    {
        var samples = new float[(int)Math.Round(seconds * sampleRate)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(amplitude * Math.Sin(2 * Math.PI * frequencyHz * i / sampleRate));
        return samples;
    }

    /// <summary>Seeded white noise, uniform in plus or minus <paramref name="amplitude"/>.</summary>
    public static float[] Noise(int sampleCount, int seed, double amplitude = 0.5)
    {
        var random = new Random(seed);
        var samples = new float[sampleCount];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(amplitude * ((2 * random.NextDouble()) - 1));
        return samples;
    }

    /// <summary>Signed 16-bit little-endian, each sample repeated for every channel.</summary>
    public static byte[] ToPcm16(ReadOnlySpan<float> samples, int channels = 1)
    {
        var bytes = new byte[samples.Length * channels * 2];
        for (var i = 0; i < samples.Length * channels; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)Math.Clamp(Math.Round(samples[i / channels] * 32768), short.MinValue, short.MaxValue));
        return bytes;
    }

    /// <summary>Level in dB of a full-scale sine's power: a sine of amplitude 1 gives 0.</summary>
    public static double LevelDb(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return 10 * Math.Log10((2 * sum / Math.Max(1, samples.Length)) + 1e-30);
    }

    /// <summary>Amplitude of one frequency, by correlation over whole samples under a Hann window.</summary>
    public static double AmplitudeAt(ReadOnlySpan<float> samples, double frequencyHz, int sampleRate)
    {
        double real = 0, imaginary = 0, weights = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var weight = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / samples.Length));
            var angle = 2 * Math.PI * frequencyHz * i / sampleRate;
            real += weight * samples[i] * Math.Cos(angle);
            imaginary += weight * samples[i] * Math.Sin(angle);
            weights += weight;
        }

        return 2 * Math.Sqrt((real * real) + (imaginary * imaginary)) / weights;
    }
}
