namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Follows spectral peaks from window to window and says how much of the power lies in tones that stay on their pitch. Held notes of music, whistles, hum and
/// beeps do; the harmonics of a speaking voice glide all the time (cf. "spectral peak tracks" of Zhang and Kuo 2001). Not thread-safe; allocates nothing
/// once built.
/// </summary>
internal sealed class ToneMeter
{
    /// <summary>Windows a tone must last to count. Six windows of 32 ms: longer than the steady middle of most vowels.</summary>
    public const int HeldWindows = 6;

    private const int BlockSamples = 1024;
    private const int MaxPeaks = 24;
    private const double BinHz = (double)SoundWindow.SampleRate / BlockSamples;

    // Fundamentals and harmonics that carry the power; below is mains hum and wind, above only hiss and consonants.
    private const int LowestBin = (int)(80 / BinHz);
    private const int HighestBin = (int)(5000 / BinHz);

    // A quarter of a semitone from one window to the next: a sung or played note stays within it, a spoken vowel leaves it after one or two windows.
    private const double LargestStepShare = 0.0145;

    // Interpolation of a peak between two bins is this good in noise; it dominates at low frequencies.
    private const double LargestStepHz = 2.5;

    private static readonly double[] Hann = [.. Enumerable.Range(0, BlockSamples).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / BlockSamples))];

    private readonly RealFft _fft = new(BlockSamples);
    private readonly float[] _last = new float[BlockSamples];
    private readonly double[] _block = new double[BlockSamples];
    private readonly double[] _power = new double[BlockSamples / 2];
    private Track[] _tracks = new Track[MaxPeaks];
    private Track[] _next = new Track[MaxPeaks];
    private int _trackCount;

    /// <summary>Takes the next window of 512 samples.</summary>
    /// <returns>Share of the power between 80 Hz and 5 kHz that lies in held tones, 0 to 1.</returns>
    public float Add(ReadOnlySpan<float> samples)
    {
        _last.AsSpan(SoundWindow.SampleCount).CopyTo(_last);
        samples.CopyTo(_last.AsSpan(BlockSamples - SoundWindow.SampleCount));
        for (var i = 0; i < BlockSamples; i++)
            _block[i] = _last[i] * Hann[i];
        _fft.PowerSpectrum(_block, _power);

        double total = 0;
        double largest = 0;
        for (var i = LowestBin; i < HighestBin; i++)
        {
            total += _power[i];
            largest = Math.Max(largest, _power[i]);
        }

        // Under -80 dBFS nothing is a tone but the arithmetic's own. The Hann window's power gain is 3/8.
        if (total < 1e-8 * BlockSamples * BlockSamples * 3 / 16)
        {
            _trackCount = 0;
            return 0;
        }

        return (float)Math.Min(1, Follow(largest) / total);
    }

    public void Reset()
    {
        Array.Clear(_last);
        _trackCount = 0;
    }

    private double Follow(double largest)
    {
        var count = 0;
        double held = 0;
        for (var i = LowestBin; i < HighestBin && count < MaxPeaks; i++)
        {
            // Peaks 35 dB below the strongest are ripple of the window; a peak must stand over both its neighbours' shoulders.
            if (_power[i] < largest * 3e-4 || _power[i] <= _power[i - 1] || _power[i] < _power[i + 1] || _power[i] < 4 * Math.Min(_power[i - 2], _power[i + 2]))
                continue;
            var frequency = BinHz * (i + Vertex(_power[i - 1], _power[i], _power[i + 1]));
            var age = AgeOfTrackAt(frequency) + 1;
            _next[count++] = new Track(frequency, age);
            if (age >= HeldWindows)
                held += _power[i - 2] + _power[i - 1] + _power[i] + _power[i + 1] + _power[i + 2];
        }

        (_tracks, _next) = (_next, _tracks);
        _trackCount = count;
        return held;
    }

    private int AgeOfTrackAt(double frequency)
    {
        var reach = Math.Max(LargestStepHz, frequency * LargestStepShare);
        var age = 0;
        for (var i = 0; i < _trackCount; i++)
        {
            if (Math.Abs(_tracks[i].Frequency - frequency) <= reach)
                age = Math.Max(age, _tracks[i].Age);
        }

        return age;
    }

    // Vertex of the parabola through three log powers: exact to a few hundredths of a bin for a Hann window.
    private static double Vertex(double left, double middle, double right)
    {
        var (a, b, c) = (Math.Log(left + 1e-30), Math.Log(middle + 1e-30), Math.Log(right + 1e-30));
        var curvature = a - 2 * b + c;
        return curvature >= 0 ? 0 : Math.Clamp(0.5 * (a - c) / curvature, -0.5, 0.5);
    }

    private readonly record struct Track(double Frequency, int Age);
}
