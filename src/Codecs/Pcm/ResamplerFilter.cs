using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MediaScore.Codecs.Pcm;

/// <summary>
/// The filter bank of one input rate: a windowed sinc, sampled at every phase that an output can have between two inputs. Shared by all streams of that rate.
/// </summary>
/// <remarks>
/// Kaiser window design as in Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6. With <c>rate / 16000 = M / L</c> in lowest terms there are L
/// phases: 1 at 48 kHz, 160 at 44.1 kHz. Odd rates (47,999 Hz has 16,000) share <see cref="MaxPhaseCount"/> phases and interpolate between two of them.
/// </remarks>
internal sealed class ResamplerFilter
{
    // 640 covers every usual rate exactly (11,025 Hz is the largest). Interpolating linearly among 640 phases errs by less than (pi / 640)^2 / 8 = -110 dB.
    private const int MaxPhaseCount = 640;

    private const double StopbandDb = 80;
    private const double PassbandEdge = 0.9; // Of the lower Nyquist frequency: 7.2 kHz, above what wideband speech models use.

    private static readonly ConcurrentDictionary<int, ResamplerFilter> Filters = new();

    private readonly float[] _taps; // [phase, tap], one phase more than stored ones for interpolation.
    private readonly int _storedPhaseCount;

    private ResamplerFilter(int inputSampleRate)
    {
        var divisor = (int)BigInteger.GreatestCommonDivisor(inputSampleRate, StreamingResampler.OutputSampleRate);
        PhaseCount = StreamingResampler.OutputSampleRate / divisor;
        InputStep = inputSampleRate / divisor;
        _storedPhaseCount = Math.Min(PhaseCount, MaxPhaseCount);

        var nyquist = Math.Min(inputSampleRate, StreamingResampler.OutputSampleRate) / 2.0;
        var transition = (1 - PassbandEdge) * nyquist / inputSampleRate; // In cycles a sample.
        var needed = (StopbandDb - 7.95) / (2.285 * 2 * Math.PI * transition);
        TapCount = ((int)Math.Ceiling(needed / 8) * 8) + 8; // Whole vectors of 8, one spare: phases shift the window by up to a sample.
        _taps = new float[(_storedPhaseCount + 1) * TapCount];
        var cutoff = (1 + PassbandEdge) / 2 * nyquist / inputSampleRate;
        for (var phase = 0; phase <= _storedPhaseCount; phase++)
            Design(cutoff, (double)phase / _storedPhaseCount, _taps.AsSpan(phase * TapCount, TapCount));
    }

    /// <summary>L: phases between two inputs.</summary>
    internal int PhaseCount { get; }

    /// <summary>M: phases from one output to the next.</summary>
    internal int InputStep { get; }

    /// <summary>Inputs that one output weighs: a multiple of 8.</summary>
    internal int TapCount { get; }

    /// <summary>The shared filter of one rate. At most 40,001 rates exist; all usual ones together take under 2 MB, built at first use.</summary>
    internal static ResamplerFilter For(int inputSampleRate) => Filters.GetOrAdd(inputSampleRate, static rate => new ResamplerFilter(rate));

    /// <param name="inputs">Exactly <see cref="TapCount"/> samples; the output lies between the middle two.</param>
    /// <param name="phase">0 to <see cref="PhaseCount"/> - 1.</param>
    internal float Apply(ReadOnlySpan<float> inputs, int phase)
    {
        if (_storedPhaseCount == PhaseCount)
            return Dot(inputs, _taps.AsSpan(phase * TapCount, TapCount));
        var exact = (double)phase * _storedPhaseCount / PhaseCount;
        var below = (int)exact;
        var low = Dot(inputs, _taps.AsSpan(below * TapCount, TapCount));
        var high = Dot(inputs, _taps.AsSpan((below + 1) * TapCount, TapCount));
        return low + ((float)(exact - below) * (high - low));
    }

    private void Design(double cutoff, double fraction, Span<float> taps)
    {
        const double Beta = 0.1102 * (StopbandDb - 8.7); // Kaiser's formula for more than 50 dB.
        var half = TapCount / 2.0;
        var gain = 0.0;
        Span<double> exact = TapCount <= 1024 ? stackalloc double[TapCount] : new double[TapCount];
        for (var tap = 0; tap < TapCount; tap++)
        {
            var distance = tap - (half - 1) - fraction; // From the output's position, in input samples.
            var x = 2 * cutoff * distance;
            var sinc = Math.Abs(x) < 1e-12 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
            var edge = distance / half;
            exact[tap] = sinc * (Math.Abs(edge) >= 1 ? 0 : BesselI0(Beta * Math.Sqrt(1 - (edge * edge))));
            gain += exact[tap];
        }

        // Every phase passes a constant unchanged, so phases can't beat against each other.
        for (var tap = 0; tap < TapCount; tap++)
            taps[tap] = (float)(exact[tap] / gain);
    }

    private static double BesselI0(double x)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var leftVectors = MemoryMarshal.Cast<float, Vector256<float>>(left);
        var rightVectors = MemoryMarshal.Cast<float, Vector256<float>>(right);
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < leftVectors.Length; i++)
            sum += leftVectors[i] * rightVectors[i];
        var lanes = sum.GetLower() + sum.GetUpper();
        return lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
    }
}
