using System.Runtime.Intrinsics;

namespace MediaScore.Inference.Decoding;

/// <summary>Rotary positions (arXiv:2104.09864) of interleaved pairs, all heads of a row side by side, each head padded to whole vectors.</summary>
internal sealed class RotaryTable
{
    private readonly int _width;
    private readonly float[] _cosines;
    private readonly float[] _sines;

    /// <param name="frequencies">Radians a position of each pair; dimensions after the last pair are not turned.</param>
    /// <param name="paddedHeadWidth">A multiple of 16.</param>
    public RotaryTable(ReadOnlySpan<float> frequencies, int positions, int paddedHeadWidth)
    {
        _width = paddedHeadWidth;
        (_cosines, _sines) = (new float[positions * _width], new float[positions * _width]);
        Array.Fill(_cosines, 1);
        for (var position = 0; position < positions; position++)
        {
            for (var pair = 0; pair < frequencies.Length; pair++)
            {
                var at = (position * _width) + (2 * pair);
                var angle = position * frequencies[pair];
                _cosines[at] = _cosines[at + 1] = MathF.Cos(angle);
                (_sines[at], _sines[at + 1]) = (-MathF.Sin(angle), MathF.Sin(angle));
            }
        }
    }

    /// <summary>Turns one head in place.</summary>
    public void Turn(Span<float> head, int position)
    {
        var values = RowVectors.Vectors(head);
        var cosines = RowVectors.Vectors(_cosines.AsSpan(position * _width, _width));
        var sines = RowVectors.Vectors(_sines.AsSpan(position * _width, _width));
        for (var i = 0; i < values.Length && i < cosines.Length && i < sines.Length; i++)
        {
            // A pair is 64 bits: half a turn of them swaps its two.
            var pairs = values[i].AsUInt64();
            var swapped = ((pairs << 32) | (pairs >>> 32)).AsSingle();
            values[i] = RowVectors.Fused(swapped, sines[i], values[i] * cosines[i]);
        }
    }
}
