using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MediaScore.Inference.Decoding;

/// <summary>
/// Attention of one row to the frames of its utterance. Keys and values are bytes with a scale a channel: half the memory traffic of 16 bits, and traffic is what it
/// costs. Frames are the lanes. A head's keys lie in blocks of 64 frames, <c>[block][head width][64]</c>; its values in rows, <c>[head width][frames]</c>.
/// </summary>
internal sealed class CrossAttention(int heads, int headWidth, int maxFrames)
{
    public const int BlockFrames = 64;

    private readonly float[] _scores = new float[Padded(maxFrames)];
    private readonly float[] _query = new float[headWidth];

    /// <summary>Frames rounded up to whole blocks.</summary>
    public static int Padded(int frames) => (frames + BlockFrames - 1) / BlockFrames * BlockFrames;

    /// <summary>Stores one channel of the keys of a head.</summary>
    /// <returns>The channel's scale.</returns>
    public static float StoreKeys(Span<float> channel, int headWidth, int dimension, Span<sbyte> keys)
    {
        var scale = SignedScale(channel);
        for (var block = 0; block * BlockFrames < channel.Length; block++)
            Round(channel.Slice(block * BlockFrames, BlockFrames), scale, keys.Slice(((block * headWidth) + dimension) * BlockFrames, BlockFrames));
        return scale;
    }

    /// <summary>Stores one channel of the values of a head.</summary>
    /// <returns>The channel's scale.</returns>
    public static float StoreValues(Span<float> channel, int dimension, Span<sbyte> values)
    {
        var scale = SignedScale(channel);
        for (var at = 0; at < channel.Length; at += BlockFrames)
            Round(channel.Slice(at, BlockFrames), scale, values.Slice((dimension * channel.Length) + at, BlockFrames));
        return scale;
    }

    /// <param name="query"><c>[head][head width]</c>.</param>
    /// <param name="memory">Keys and values of the layer, <c>[key, value][head][head width * padded frames]</c>.</param>
    /// <param name="scales">Of the layer, <c>[key, value][head][head width]</c>.</param>
    /// <param name="output"><c>[head][head width]</c>.</param>
    public void Attend(ReadOnlySpan<float> query, ReadOnlySpan<sbyte> memory, ReadOnlySpan<float> scales, int frames, Span<float> output)
    {
        var perHead = headWidth * Padded(frames);
        var width = heads * headWidth;
        var softness = 1 / MathF.Sqrt(headWidth);
        var scores = _scores.AsSpan(0, Padded(frames));
        for (var head = 0; head < heads; head++)
        {
            var at = head * headWidth;
            for (var i = 0; i < _query.Length; i++)
                _query[i] = query[at + i] * scales[at + i] * softness;
            Score(_query, memory.Slice(head * perHead, perHead), scores);
            var sum = RowVectors.Exponentiate(scores, frames);
            Sum(scores, memory.Slice((heads + head) * perHead, perHead), scales.Slice(width + at, headWidth), 1 / sum, output.Slice(at, headWidth));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(ReadOnlySpan<float> query, ReadOnlySpan<sbyte> keys, Span<float> scores)
    {
        var all = MemoryMarshal.Cast<sbyte, Frames64>(keys);
        var to = RowVectors.Vectors(scores);
        for (var block = 0; (block * 4) + 3 < to.Length; block++)
        {
            var channels = all.Slice(block * query.Length, query.Length);
            Vector512<float> first = default, second = default, third = default, fourth = default;
            for (var i = 0; i < channels.Length && i < query.Length; i++)
            {
                ref readonly var frames = ref channels[i];
                var share = Vector512.Create(query[i]);
                first = RowVectors.Fused(share, Widen(frames.First), first);
                second = RowVectors.Fused(share, Widen(frames.Second), second);
                third = RowVectors.Fused(share, Widen(frames.Third), third);
                fourth = RowVectors.Fused(share, Widen(frames.Fourth), fourth);
            }

            (to[block * 4], to[(block * 4) + 1], to[(block * 4) + 2], to[(block * 4) + 3]) = (first, second, third, fourth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(ReadOnlySpan<float> shares, ReadOnlySpan<sbyte> values, ReadOnlySpan<float> scales, float factor, Span<float> output)
    {
        var weights = MemoryMarshal.Cast<float, Weights64>(shares);
        var all = MemoryMarshal.Cast<sbyte, Frames64>(values);
        for (var i = 0; i < output.Length; i++)
        {
            var channel = all.Slice(i * weights.Length, weights.Length);
            Vector512<float> first = default, second = default, third = default, fourth = default;
            for (var block = 0; block < channel.Length && block < weights.Length; block++)
            {
                ref readonly var frames = ref channel[block];
                ref readonly var weight = ref weights[block];
                first = RowVectors.Fused(weight.First, Widen(frames.First), first);
                second = RowVectors.Fused(weight.Second, Widen(frames.Second), second);
                third = RowVectors.Fused(weight.Third, Widen(frames.Third), third);
                fourth = RowVectors.Fused(weight.Fourth, Widen(frames.Fourth), fourth);
            }

            output[i] = Vector512.Sum(first + second + (third + fourth)) * scales[i] * factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Widen(Vector128<sbyte> bytes)
    {
        if (Avx512F.IsSupported)
            return Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bytes));
        if (Avx2.IsSupported)
            return Vector512.ConvertToSingle(Vector512.Create(Avx2.ConvertToVector256Int32(bytes), Avx2.ConvertToVector256Int32(bytes.AsInt64().GetUpper().ToVector128().AsSByte())));
        var (lower, upper) = Vector128.Widen(bytes);
        var (first, second) = Vector128.Widen(lower);
        var (third, fourth) = Vector128.Widen(upper);
        return Vector512.ConvertToSingle(Vector512.Create(Vector256.Create(first, second), Vector256.Create(third, fourth)));
    }

    private static float SignedScale(ReadOnlySpan<float> channel)
    {
        var largest = Vector512<float>.Zero;
        foreach (ref readonly var vector in RowVectors.Vectors(channel))
            largest = Vector512.MaxNative(largest, Vector512.Abs(vector));
        var scale = 0f;
        for (var lane = 0; lane < RowVectors.Lanes; lane++)
            scale = MathF.Max(scale, largest[lane]);
        return scale / sbyte.MaxValue;
    }

    private static void Round(ReadOnlySpan<float> values, float scale, Span<sbyte> bytes)
    {
        var to = MemoryMarshal.Cast<sbyte, Vector128<sbyte>>(bytes);
        var from = RowVectors.Vectors(values);
        // A channel that is zero throughout has no scale.
        var factor = Vector512.Create(scale > 0 ? 1 / scale : 0);
        for (var i = 0; i < from.Length && i < to.Length; i++)
        {
            var wide = Vector512.ConvertToInt32(Vector512.Round(from[i] * factor));
            var half = Vector256.Narrow(wide.GetLower(), wide.GetUpper());
            to[i] = Vector128.Narrow(half.GetLower(), half.GetUpper());
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Frames64(Vector128<sbyte> First, Vector128<sbyte> Second, Vector128<sbyte> Third, Vector128<sbyte> Fourth);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Weights64(Vector512<float> First, Vector512<float> Second, Vector512<float> Third, Vector512<float> Fourth);
}
