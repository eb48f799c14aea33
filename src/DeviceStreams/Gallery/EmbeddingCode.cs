using System.Runtime.Intrinsics;
using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>
/// An embedding in signed bytes, one scale for all: <c>value = byte / Scale</c>. What a byte cannot say is bounded, so that a search over bytes can tell which few
/// templates have to be compared exactly.
/// </summary>
/// <remarks>
/// For a template x, a face y and what their codes stand for, x' and y': <c>x·y - x'·y' = (x - x')·y' + x·(y - y')</c>, so by Cauchy and Schwarz it differs from the codes' product by at most
/// <c>|x - x'| |y'| + |x| |y - y'|</c>. The four lengths are known: the first is kept with each template, the last two are the face's, and |x| is 1. Rounding alone makes
/// |x - x'| 0.013; the bound is then 0.026, while the error itself is mostly below 0.002, since it is a sum of 512 errors of either sign.
/// </remarks>
internal static class EmbeddingCode
{
    public const int Dimensions = FaceEmbedder.Dimensions;

    /// <summary>Steps of one. The largest byte stands for 0.25; a value of a face is 0.044 in the mean square, so beyond that lies none of them, and what does is cut, which the bound knows.</summary>
    public const float Scale = 508;

    /// <summary>Lengths of embeddings lie within this factor of 1; what does not is no embedding.</summary>
    public const double LengthTolerance = 0.001;

    private const float Largest = 127;

    // Floats round here and there on the way to the error: 512 errors of 2e-8 at most.
    private const float Slack = 1e-5f;

    /// <param name="embedding"><see cref="Dimensions"/> values.</param>
    /// <param name="code">As many bytes, from -127 to 127.</param>
    /// <returns>At least the length of the difference between the embedding and what the bytes stand for.</returns>
    public static float Write(ReadOnlySpan<float> embedding, Span<sbyte> code)
    {
        var squares = Vector512<float>.Zero;
        var (least, most) = (Vector512.Create(-Largest), Vector512.Create(Largest));
        for (var at = 0; at < Dimensions; at += Vector512<float>.Count)
        {
            var values = Vector512.Create(embedding[at..]);
            var steps = Vector512.Min(Vector512.Max(Vector512.Round(values * Scale), least), most);
            var rest = values - (steps / Scale);
            squares += rest * rest;
            var whole = Vector512.ConvertToInt32(steps);
            var half = Vector256.Narrow(whole.GetLower(), whole.GetUpper());
            Vector128.Narrow(half.GetLower(), half.GetUpper()).CopyTo(code[at..]);
        }

        return MathF.Sqrt(Vector512.Sum(squares)) + Slack;
    }

    /// <summary>The product of two embeddings. Products of floats are exact in doubles, and the order of the sum is fixed: the same bits on every processor.</summary>
    public static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var (lower, upper) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (var at = 0; at < Dimensions; at += Vector512<float>.Count)
        {
            var (first, second) = (Vector512.Create(left[at..]), Vector512.Create(right[at..]));
            lower += Vector512.WidenLower(first) * Vector512.WidenLower(second);
            upper += Vector512.WidenUpper(first) * Vector512.WidenUpper(second);
        }

        var lanes = lower + upper;
        var sum = 0.0;
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
            sum += lanes[lane];
        return sum;
    }

    /// <exception cref="ArgumentException">Not <see cref="Dimensions"/> values, or not of unit length.</exception>
    public static void ThrowIfNone(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != Dimensions || !IsUnit(embedding))
            throw new ArgumentException($"An embedding has {Dimensions} values and unit length.", nameof(embedding));
    }

    /// <param name="embedding"><see cref="Dimensions"/> values.</param>
    public static bool IsUnit(ReadOnlySpan<float> embedding) => Math.Abs(Math.Sqrt(Dot(embedding, embedding)) - 1) < LengthTolerance;
}
