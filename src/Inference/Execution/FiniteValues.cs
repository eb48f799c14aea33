using System.Numerics;
using System.Runtime.InteropServices;

namespace MediaScore.Inference;

internal static class FiniteValues
{
    /// <summary>The place of the first value that is infinite or not a number, or -1.</summary>
    public static int IndexOfNotFinite(ReadOnlySpan<float> values)
    {
        // x - x is 0 for a finite x and not a number otherwise, so the sum of all differences tells in one pass.
        var sum = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
            sum += vector - vector;

        var first = vectors.Length * Vector<float>.Count;
        if (!float.IsFinite(Vector.Sum(sum)))
            first = 0;
        for (var i = first; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }

        return -1;
    }
}
