namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Power spectrum of a real block: one complex transform of half the length and the usual untangling (Press et al., Numerical Recipes, 12.3). Tables are
/// shared, the work space is the object's; not thread-safe, allocates nothing once built.
/// </summary>
internal sealed class RealFft
{
    private readonly int _half;
    private readonly double[] _real;
    private readonly double[] _imaginary;
    private readonly double[] _cosine;
    private readonly double[] _sine;
    private readonly int[] _reversed;

    /// <param name="length">A power of two, 8 or more.</param>
    public RealFft(int length)
    {
        _half = length / 2;
        _real = new double[_half];
        _imaginary = new double[_half];
        _cosine = new double[_half];
        _sine = new double[_half];
        _reversed = new int[_half];
        var bits = int.Log2(_half);
        for (var i = 0; i < _half; i++)
        {
            _cosine[i] = Math.Cos(-2 * Math.PI * i / length);
            _sine[i] = Math.Sin(-2 * Math.PI * i / length);
            for (var bit = 0; bit < bits; bit++)
                _reversed[i] |= (i >> bit & 1) << (bits - 1 - bit);
        }
    }

    /// <param name="block">As many samples as the length.</param>
    /// <param name="power">Half as many: squared magnitudes from 0 Hz to just under half the sampling rate.</param>
    public void PowerSpectrum(ReadOnlySpan<double> block, Span<double> power)
    {
        for (var i = 0; i < _half; i++)
        {
            _real[_reversed[i]] = block[2 * i];
            _imaginary[_reversed[i]] = block[2 * i + 1];
        }

        Transform();
        for (var i = 0; i < _half; i++)
        {
            var j = (_half - i) & (_half - 1);
            var evenReal = (_real[i] + _real[j]) / 2;
            var evenImaginary = (_imaginary[i] - _imaginary[j]) / 2;
            var oddReal = (_imaginary[i] + _imaginary[j]) / 2;
            var oddImaginary = (_real[j] - _real[i]) / 2;
            var real = evenReal + oddReal * _cosine[i] - oddImaginary * _sine[i];
            var imaginary = evenImaginary + oddReal * _sine[i] + oddImaginary * _cosine[i];
            power[i] = real * real + imaginary * imaginary;
        }
    }

    private void Transform()
    {
        for (var size = 2; size <= _half; size *= 2)
        {
            var stride = _half / size * 2;
            for (var start = 0; start < _half; start += size)
            {
                for (var k = 0; k < size / 2; k++)
                {
                    var (c, s) = (_cosine[k * stride], _sine[k * stride]);
                    var (low, high) = (start + k, start + k + size / 2);
                    var real = _real[high] * c - _imaginary[high] * s;
                    var imaginary = _real[high] * s + _imaginary[high] * c;
                    _real[high] = _real[low] - real;
                    _imaginary[high] = _imaginary[low] - imaginary;
                    _real[low] += real;
                    _imaginary[low] += imaginary;
                }
            }
        }
    }
}
