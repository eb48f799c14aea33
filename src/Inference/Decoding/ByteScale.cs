using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MediaScore.Inference.Decoding;

/// <summary>How numbers become bytes: <c>value = (byte - ZeroPoint) * Step</c>. The rule of ONNX's DynamicQuantizeLinear, with which the packages were made.</summary>
internal readonly record struct ByteScale(float Step, int ZeroPoint)
{
    private const int Lanes = 16;

    /// <summary>The scale that the values just fit into; zero is always exact.</summary>
    /// <param name="values">A multiple of 16.</param>
    public static ByteScale Of(ReadOnlySpan<float> values)
    {
        Vector512<float> low = default, high = default;
        foreach (ref readonly var vector in MemoryMarshal.Cast<float, Vector512<float>>(values))
        {
            low = Vector512.MinNative(low, vector);
            high = Vector512.MaxNative(high, vector);
        }

        var (lowest, highest) = (0f, 0f);
        for (var lane = 0; lane < Lanes; lane++)
        {
            lowest = MathF.Min(lowest, low[lane]);
            highest = MathF.Max(highest, high[lane]);
        }

        var step = lowest == highest ? 1 : (highest - lowest) / byte.MaxValue;
        return new ByteScale(step, (int)MathF.Round(Math.Clamp(-lowest / step, 0, byte.MaxValue)));
    }

    /// <summary>Writes the values as bytes, four to a word, the words <paramref name="stride"/> apart.</summary>
    /// <param name="flip">Exclusive-ored to each word: 0, or the sign bits where the bytes are wanted less 128.</param>
    /// <returns>Sum of the bytes, before the flip.</returns>
    public int Write(ReadOnlySpan<float> values, Span<uint> words, int stride, uint flip)
    {
        var sums = Vector512<int>.Zero;
        var step = Vector512.Create(Step);
        var zeroPoint = Vector512.Create(ZeroPoint);
        var (smallest, largest) = (Vector512<int>.Zero, Vector512.Create((int)byte.MaxValue));
        var flips = Vector128.Create(flip);
        var at = 0;
        foreach (ref readonly var vector in MemoryMarshal.Cast<float, Vector512<float>>(values))
        {
            var wide = Vector512.ConvertToInt32(Vector512.Round(vector / step)) + zeroPoint;
            wide = Vector512.MinNative(Vector512.MaxNative(wide, smallest), largest);
            sums += wide;
            var half = Vector256.Narrow(wide.GetLower().AsUInt32(), wide.GetUpper().AsUInt32());
            var four = Vector128.Narrow(half.GetLower(), half.GetUpper()).AsUInt32() ^ flips;
            words[at] = four[0];
            words[at + stride] = four[1];
            words[at + (2 * stride)] = four[2];
            words[at + (3 * stride)] = four[3];
            at += 4 * stride;
        }

        return Vector512.Sum(sums);
    }
}
