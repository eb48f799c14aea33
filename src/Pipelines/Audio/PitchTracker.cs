using System.Numerics;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Fundamental frequency of a voice by YIN (de Cheveigné and Kawahara 2002), on sound halved to 8 kHz: 60 to 400 Hz, one answer each 10 ms.
/// Not thread-safe; allocates nothing once built.
/// </summary>
internal sealed class PitchTracker
{
    public const double LowestHz = 60;
    public const double HighestHz = 400;

    /// <summary>Samples at 16 kHz from one answer to the next.</summary>
    public const int HopSamples = 160;

    private const int Rate = SoundWindow.SampleRate / 2;
    private const int ShortestLag = (int)(Rate / HighestHz) - 1;
    private const int LongestLag = (int)(Rate / LowestHz) + 2;

    // 32 ms: two periods of the lowest pitch.
    private const int SumSamples = 256;
    private const int FrameSamples = SumSamples + LongestLag;

    // The paper's absolute threshold: the first dip below it is the period.
    private const double DipThreshold = 0.15;

    // A dip that is only this deep is still a voice, a breathy one; above it is noise.
    private const double VoicedThreshold = 0.25;

    // Windowed sinc, 15 taps: 40 dB down at 6 kHz; what folds lies above the pitch range in any case.
    private static readonly float[] HalfBand = DesignHalfBand();

    private readonly float[] _frame = new float[FrameSamples];
    private readonly double[] _difference = new double[LongestLag + 1];

    /// <summary>Samples at 16 kHz that <see cref="PitchAt"/> reads, centred on its position.</summary>
    public const int SpanSamples = 2 * FrameSamples;

    /// <summary>Pitch around one sample.</summary>
    /// <param name="samples">16 kHz.</param>
    /// <param name="centre">Index of the sample asked for; what lies outside <paramref name="samples"/> counts as silence.</param>
    /// <returns>Hz, or 0 where no voice is found.</returns>
    public double PitchAt(ReadOnlySpan<float> samples, int centre)
    {
        Halve(samples, centre - FrameSamples);
        double energy = 0;
        for (var i = 0; i < SumSamples; i++)
            energy += _frame[i] * _frame[i];
        if (energy < SumSamples * 1e-7)
            return 0;

        // d(lag) = sum of (x[i] - x[i + lag])^2 = e(0) + e(lag) - 2 r(lag), and its mean so far: equations 7 and 8 of the paper.
        var shifted = energy;
        double sum = 0;
        for (var lag = 1; lag <= LongestLag; lag++)
        {
            shifted += _frame[lag + SumSamples - 1] * _frame[lag + SumSamples - 1] - _frame[lag - 1] * _frame[lag - 1];
            var difference = Math.Max(0, energy + shifted - 2 * Correlation(lag));
            sum += difference;
            _difference[lag] = sum <= 0 ? 1 : difference * lag / sum;
        }

        return Period() is var period and > 0 ? Rate / period : 0;
    }

    private double Period()
    {
        var best = 0;
        for (var lag = ShortestLag; lag < LongestLag; lag++)
        {
            if (_difference[lag] > _difference[lag - 1] || _difference[lag] > _difference[lag + 1])
                continue;
            if (best == 0 || _difference[lag] < _difference[best])
                best = lag;
            if (_difference[lag] < DipThreshold)
                break;
        }

        if (best == 0 || _difference[best] >= VoicedThreshold)
            return 0;
        var (a, b, c) = (_difference[best - 1], _difference[best], _difference[best + 1]);
        var curvature = a - 2 * b + c;
        return curvature <= 0 ? best : best + 0.5 * (a - c) / curvature;
    }

    private double Correlation(int lag)
    {
        var left = _frame.AsSpan(0, SumSamples);
        var right = _frame.AsSpan(lag, SumSamples);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < SumSamples; i += Vector<float>.Count)
            sum += new Vector<float>(left[i..]) * new Vector<float>(right[i..]);
        return Vector.Sum(sum);
    }

    private void Halve(ReadOnlySpan<float> samples, int first)
    {
        var half = HalfBand.Length / 2;
        for (var i = 0; i < FrameSamples; i++)
        {
            var at = first + 2 * i - half;
            float sum = 0;
            for (var tap = 0; tap < HalfBand.Length; tap++)
            {
                if ((uint)(at + tap) < (uint)samples.Length)
                    sum += HalfBand[tap] * samples[at + tap];
            }

            _frame[i] = sum;
        }
    }

    private static float[] DesignHalfBand()
    {
        const int Taps = 15;
        var taps = new float[Taps];
        for (var i = 0; i < Taps; i++)
        {
            var x = i - Taps / 2;
            var sinc = x == 0 ? 0.5 : Math.Sin(Math.PI * x / 2) / (Math.PI * x);
            taps[i] = (float)(sinc * (0.54 + 0.46 * Math.Cos(2 * Math.PI * x / (Taps + 1))));
        }

        var sum = taps.Sum();
        return [.. taps.Select(tap => tap / sum)];
    }
}
