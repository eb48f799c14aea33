using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MediaScore.Inference;

/// <summary>The greedy choice of one step.</summary>
internal readonly record struct ChosenToken(int Id, float LogProbability);

/// <summary>Picks the most probable token of a row of logits. Vectors are 256 bits wide whatever the processor has, so that sums do not depend on it.</summary>
internal static class TokenChooser
{
    /// <param name="logits">At least one value. The first of equal ones is chosen.</param>
    public static ChosenToken Choose(ReadOnlySpan<float> logits)
    {
        var (best, largest) = FindLargest(logits);
        return new ChosenToken(best, -MathF.Log(SumOfExponentials(logits, largest)));
    }

    private static (int Index, float Value) FindLargest(ReadOnlySpan<float> logits)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var largest = logits[^1];
        if (vectors.Length > 0)
        {
            var lanes = vectors[0];
            foreach (var vector in vectors)
                lanes = Vector256.Max(lanes, vector);
            for (var i = 0; i < Vector256<float>.Count; i++)
                largest = MathF.Max(largest, lanes[i]);
        }

        for (var i = vectors.Length * Vector256<float>.Count; i < logits.Length; i++)
            largest = MathF.Max(largest, logits[i]);
        return (logits.IndexOf(largest), largest);
    }

    // Of the differences to the largest, so that none overflows; the largest itself adds exactly 1.
    private static float SumOfExponentials(ReadOnlySpan<float> logits, float largest)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var lanes = Vector256<float>.Zero;
        var subtrahend = Vector256.Create(largest);
        foreach (var vector in vectors)
            lanes += Vector256.Exp(vector - subtrahend);
        var sum = Vector256.Sum(lanes);
        for (var i = vectors.Length * Vector256<float>.Count; i < logits.Length; i++)
            sum += MathF.Exp(logits[i] - largest);
        return sum;
    }
}
