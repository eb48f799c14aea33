using System.Runtime.Intrinsics;
using MediaScore.Inference.Decoding;

namespace MediaScore.Inference;

/// <summary>The greedy choice of one step.</summary>
internal readonly record struct ChosenToken(int Id, float LogProbability);

/// <summary>Picks the most probable token of a row of logits. Vectors have sixteen lanes whatever the processor has, so that sums do not depend on it.</summary>
internal static class TokenChooser
{
    /// <param name="logits">At least one value. The first of equal ones is chosen. The log probability of a row with a value that is not finite is not finite.</param>
    public static ChosenToken Choose(ReadOnlySpan<float> logits)
    {
        var largest = FindLargest(logits);
        return new ChosenToken(logits.IndexOf(largest), -MathF.Log(SumOfExponentials(logits, largest)));
    }

    private static float FindLargest(ReadOnlySpan<float> logits)
    {
        var vectors = RowVectors.Vectors(logits);
        var largest = logits[^1];
        if (vectors.Length > 0)
        {
            // Four at a time: one would wait for the one before.
            Vector512<float> first = vectors[0], second = first, third = first, fourth = first;
            var i = 0;
            for (; i + 3 < vectors.Length; i += 4)
            {
                first = Vector512.MaxNative(first, vectors[i]);
                second = Vector512.MaxNative(second, vectors[i + 1]);
                third = Vector512.MaxNative(third, vectors[i + 2]);
                fourth = Vector512.MaxNative(fourth, vectors[i + 3]);
            }

            for (; i < vectors.Length; i++)
                first = Vector512.MaxNative(first, vectors[i]);
            first = Vector512.MaxNative(Vector512.MaxNative(first, second), Vector512.MaxNative(third, fourth));
            for (var lane = 0; lane < RowVectors.Lanes; lane++)
                largest = MathF.Max(largest, first[lane]);
        }

        for (var i = vectors.Length * RowVectors.Lanes; i < logits.Length; i++)
            largest = MathF.Max(largest, logits[i]);
        return largest;
    }

    // Of the differences to the largest, so that none overflows; the largest itself adds exactly 1.
    private static float SumOfExponentials(ReadOnlySpan<float> logits, float largest)
    {
        var vectors = RowVectors.Vectors(logits);
        var lanes = Vector512<float>.Zero;
        var subtrahend = Vector512.Create(largest);
        // x - x is 0 for a finite x and not a number otherwise; Exp does not tell.
        var finite = Vector512<float>.Zero;
        foreach (ref readonly var vector in vectors)
        {
            lanes += RowVectors.Exp(vector - subtrahend);
            finite += vector - vector;
        }

        var sum = Vector512.Sum(lanes + finite);
        for (var i = vectors.Length * RowVectors.Lanes; i < logits.Length; i++)
            sum += MathF.Exp(logits[i] - largest);
        return sum;
    }
}
