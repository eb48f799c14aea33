using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MediaScore.Inference.Decoding;

/// <summary>
/// Arithmetic on one row. Vectors have sixteen lanes whatever the processor has, so that sums have one order everywhere. Lengths are multiples of sixteen.
/// </summary>
internal static class RowVectors
{
    public const int Lanes = 16;

    private const float NormEpsilon = 1e-5f;

    /// <summary>The values less their mean, over their deviation, times the gain.</summary>
    public static void Normalize(ReadOnlySpan<float> values, ReadOnlySpan<float> gain, Span<float> output)
    {
        var from = Vectors(values);
        var sum = Vector512<float>.Zero;
        foreach (ref readonly var vector in from)
            sum += vector;
        var mean = Vector512.Create(Vector512.Sum(sum) / values.Length);

        var squares = Vector512<float>.Zero;
        foreach (ref readonly var vector in from)
            squares += (vector - mean) * (vector - mean);
        var scale = Vector512.Create(1 / MathF.Sqrt((Vector512.Sum(squares) / values.Length) + NormEpsilon));

        var gains = Vectors(gain);
        var to = Vectors(output);
        for (var i = 0; i < from.Length && i < gains.Length && i < to.Length; i++)
            to[i] = (from[i] - mean) * scale * gains[i];
    }

    public static void Add(ReadOnlySpan<float> addend, Span<float> sum)
    {
        var from = Vectors(addend);
        var to = Vectors(sum);
        for (var i = 0; i < from.Length && i < to.Length; i++)
            to[i] += from[i];
    }

    /// <summary>SwiGLU: the first half of <paramref name="wide"/> is the value, the second its gate.</summary>
    public static void Gate(ReadOnlySpan<float> wide, Span<float> output)
    {
        var values = Vectors(wide[..output.Length]);
        var gates = Vectors(wide[output.Length..]);
        var to = Vectors(output);
        for (var i = 0; i < values.Length && i < gates.Length && i < to.Length; i++)
            to[i] = values[i] * gates[i] / (Vector512<float>.One + Exp(-gates[i]));
    }

    /// <summary>Turns scores into their exponentials relative to the largest.</summary>
    /// <param name="count">Scores that count; what follows becomes zero.</param>
    /// <returns>Sum of the exponentials.</returns>
    public static float Exponentiate(Span<float> scores, int count)
    {
        scores[count..].Fill(float.NegativeInfinity);
        var vectors = Vectors(scores);
        var lanes = vectors[0];
        foreach (ref readonly var vector in vectors)
            lanes = Vector512.MaxNative(lanes, vector);
        var largest = lanes[0];
        for (var lane = 1; lane < Lanes; lane++)
            largest = MathF.Max(largest, lanes[lane]);

        var subtrahend = Vector512.Create(largest);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = Exp(vectors[i] - subtrahend);
        scores[count..].Clear();
        var sum = Vector512<float>.Zero;
        foreach (ref readonly var vector in vectors)
            sum += vector;
        return Vector512.Sum(sum);
    }

    /// <summary>
    /// e to the power of x within three units of the last place, for x from -87 to 88; outside, what those give. A third of the cost of <c>Vector512.Exp</c>, which
    /// goes over doubles. 2^n by the exponent's bits, times a Taylor polynomial of the rest, which is at most ln 2 / 2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // ln 2 in two parts, the first short enough for its product with n to be exact.
        const float LogTwoHigh = 0.693359375f;
        const float LogTwoLow = -2.12194440e-4f;
        const int ExponentBits = 23;
        x = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-87f)), Vector512.Create(88f));
        var power = Vector512.Round(x * Vector512.Create(1.44269504f));
        var rest = Fused(power, Vector512.Create(-LogTwoHigh), x);
        rest = Fused(power, Vector512.Create(-LogTwoLow), rest);
        var result = Vector512.Create(1f / 720);
        result = Fused(result, rest, Vector512.Create(1f / 120));
        result = Fused(result, rest, Vector512.Create(1f / 24));
        result = Fused(result, rest, Vector512.Create(1f / 6));
        result = Fused(result, rest, Vector512.Create(0.5f));
        result = Fused(result, rest, Vector512<float>.One);
        result = Fused(result, rest, Vector512<float>.One);
        return (result.AsInt32() + (Vector512.ConvertToInt32(power) << ExponentBits)).AsSingle();
    }

    public static Span<Vector512<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector512<float>>(values);

    public static ReadOnlySpan<Vector512<float>> Vectors(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector512<float>>(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Fused(Vector512<float> left, Vector512<float> right, Vector512<float> addend) => Vector512.FusedMultiplyAdd(left, right, addend);
}
