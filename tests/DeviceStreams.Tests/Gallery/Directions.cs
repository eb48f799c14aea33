using MediaScore.DeviceStreams.Gallery;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>Vectors of unit length that stand for faces.</summary>
internal static class Directions
{
    public static float[] Any(Random random) => Unit(Normal(random));

    public static float[] Any(int seed) => Any(new Random(seed));

    /// <summary>A direction with a given cosine to another.</summary>
    public static float[] Near(float[] other, double cosine, Random random)
    {
        var aside = Normal(random);
        var along = aside.Zip(other, (a, b) => a * b).Sum();
        for (var i = 0; i < aside.Length; i++)
            aside[i] -= along * other[i];
        var length = Math.Sqrt(aside.Sum(value => value * value));
        return [.. other.Select((value, i) => (float)((cosine * value) + (Math.Sqrt(1 - (cosine * cosine)) * aside[i] / length)))];
    }

    public static float[] Near(float[] other, double cosine, int seed) => Near(other, cosine, new Random(seed));

    /// <summary>Compared one dimension after another, in doubles: what the gallery has to agree with.</summary>
    public static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += (double)left[i] * right[i];
        return sum;
    }

    private static double[] Normal(Random random) =>
        [.. Enumerable.Range(0, EmbeddingCode.Dimensions).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];

    private static float[] Unit(double[] values)
    {
        var length = Math.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => (float)(value / length))];
    }
}
