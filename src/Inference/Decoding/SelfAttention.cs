using System.Runtime.Intrinsics;

namespace MediaScore.Inference.Decoding;

/// <summary>
/// Attention of one row to the tokens that it wrote. Its memory of one layer: a place a token, <c>[tokens][key, value][head][padded head width]</c>.
/// </summary>
internal sealed class SelfAttention
{
    private readonly int _heads;
    private readonly int _headWidth;
    private readonly int _padded;
    private readonly RotaryTable _rotary;
    private readonly Vector512<float> _scale;
    private readonly float[] _query;
    private readonly float[] _scores;
    private readonly float[] _result;

    public SelfAttention(int heads, int headWidth, int maxTokens, ReadOnlySpan<float> rotaryFrequencies)
    {
        (_heads, _headWidth, _padded) = (heads, headWidth, RoundUp(headWidth));
        _rotary = new RotaryTable(rotaryFrequencies, maxTokens, _padded);
        _scale = Vector512.Create(1 / MathF.Sqrt(headWidth));
        (_query, _scores, _result) = (new float[_padded], new float[RoundUp(maxTokens)], new float[_padded]);
    }

    /// <summary>Numbers that a token leaves in the memory of a layer.</summary>
    public int TokenLength => 2 * _heads * _padded;

    /// <param name="packed">Queries, keys and values of the row, <c>[3][head][head width]</c>.</param>
    /// <param name="memory">The row's memory of this layer; the token's place in it is written.</param>
    /// <param name="position">Tokens before this one.</param>
    /// <param name="output"><c>[head][head width]</c>.</param>
    public void Attend(ReadOnlySpan<float> packed, Span<float> memory, int position, Span<float> output)
    {
        var width = _heads * _headWidth;
        var place = memory.Slice(position * TokenLength, TokenLength);
        for (var head = 0; head < _heads; head++)
        {
            var from = head * _headWidth;
            var key = place.Slice(head * _padded, _padded);
            var value = place.Slice((_heads + head) * _padded, _padded);
            Pad(packed.Slice(from, _headWidth), _query);
            Pad(packed.Slice(width + from, _headWidth), key);
            Pad(packed.Slice((2 * width) + from, _headWidth), value);
            _rotary.Turn(_query, position);
            _rotary.Turn(key, position);
            Attend(memory[(head * _padded)..], position + 1);
            _result.AsSpan(0, _headWidth).CopyTo(output[from..]);
        }
    }

    private void Attend(ReadOnlySpan<float> memory, int count)
    {
        var query = RowVectors.Vectors(_query);
        for (var token = 0; token < count; token++)
        {
            var key = RowVectors.Vectors(memory.Slice(token * TokenLength, _padded));
            var product = query[0] * key[0];
            for (var i = 1; i < query.Length && i < key.Length; i++)
                product = RowVectors.Fused(query[i], key[i], product);
            _scores[token] = Vector512.Sum(product * _scale);
        }

        var sum = RowVectors.Exponentiate(_scores.AsSpan(0, RoundUp(count)), count);
        var result = RowVectors.Vectors(_result.AsSpan());
        result.Clear();
        for (var token = 0; token < count; token++)
        {
            var value = RowVectors.Vectors(memory.Slice((token * TokenLength) + (_heads * _padded), _padded));
            var share = Vector512.Create(_scores[token] / sum);
            for (var i = 0; i < result.Length && i < value.Length; i++)
                result[i] = RowVectors.Fused(share, value[i], result[i]);
        }
    }

    private static void Pad(ReadOnlySpan<float> values, Span<float> padded)
    {
        values.CopyTo(padded);
        padded[values.Length..].Clear();
    }

    private static int RoundUp(int count) => (count + RowVectors.Lanes - 1) / RowVectors.Lanes * RowVectors.Lanes;
}
