using MediaScore.Inference.Decoding;

namespace MediaScore.Inference.Tests.Decoding;

public sealed class AttentionTests
{
    private const int Heads = 2;
    private const int HeadWidth = 36;
    private const int Width = Heads * HeadWidth;

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(130)]
    public void Cross_attention_is_the_textbook_s_within_its_eight_bits(int frames)
    {
        var random = new Random(frames);
        var padded = CrossAttention.Padded(frames);
        var (query, keys, values) = (Numbers(random, Width), Numbers(random, Width * padded), Numbers(random, Width * padded));
        var (memory, scales, output) = (new sbyte[2 * Width * padded], new float[2 * Width], new float[Width]);
        for (var channel = 0; channel < Width; channel++)
        {
            // Frames beyond the end are zeros, as the projections of zeros are.
            keys.AsSpan((channel * padded) + frames, padded - frames).Clear();
            values.AsSpan((channel * padded) + frames, padded - frames).Clear();
            var head = channel / HeadWidth * HeadWidth * padded;
            scales[channel] = CrossAttention.StoreKeys(keys.AsSpan(channel * padded, padded), HeadWidth, channel % HeadWidth, memory.AsSpan(head, HeadWidth * padded));
            scales[Width + channel] = CrossAttention.StoreValues(
                values.AsSpan(channel * padded, padded), channel % HeadWidth, memory.AsSpan((Width * padded) + head, HeadWidth * padded));
        }

        new CrossAttention(Heads, HeadWidth, maxFrames: 200).Attend(query, memory, scales, frames, output);

        for (var channel = 0; channel < Width; channel++)
        {
            var expected = Textbook(frames, channel / HeadWidth, (dimension, _) => query[dimension], (dimension, frame) => keys[(dimension * padded) + frame], frame => values[(channel * padded) + frame]);
            ((double)output[channel]).ShouldBe(expected, tolerance: 0.02, $"channel {channel}");
        }
    }

    [Fact]
    public void Self_attention_is_the_textbook_s_over_all_tokens_so_far()
    {
        const int tokenCount = 20;
        var random = new Random(1);
        // No turn at all, so that the textbook needs none.
        var attention = new SelfAttention(Heads, HeadWidth, maxTokens: 32, new float[16]);
        var memory = new float[32 * attention.TokenLength];
        var (tokens, output) = (new List<float[]>(), new float[Width]);

        for (var position = 0; position < tokenCount; position++)
        {
            tokens.Add(Numbers(random, 3 * Width));
            attention.Attend(tokens[position], memory, position, output);
            for (var channel = 0; channel < Width; channel++)
            {
                var expected = Textbook(
                    position + 1, channel / HeadWidth, (dimension, _) => tokens[position][dimension], (dimension, token) => tokens[token][Width + dimension], token => tokens[token][(2 * Width) + channel]);
                ((double)output[channel]).ShouldBe(expected, tolerance: 1e-5);
            }
        }
    }

    [Fact]
    public void A_turned_head_depends_on_distance_alone()
    {
        var random = new Random(2);
        var rotary = new RotaryTable([1, 0.3f, 0.01f], positions: 50, paddedHeadWidth: 16);
        var (one, other) = (Numbers(random, 16), Numbers(random, 16));

        Product(3, 7).ShouldBe(Product(23, 27), tolerance: 1e-5);
        Math.Abs(Product(3, 7) - Product(3, 9)).ShouldBeGreaterThan(1e-3);

        double Product(int first, int second)
        {
            float[] left = [.. one];
            float[] right = [.. other];
            rotary.Turn(left, first);
            rotary.Turn(right, second);
            return left.Zip(right).Sum(pair => (double)pair.First * pair.Second);
        }
    }

    private static double Textbook(int count, int head, Func<int, int, float> query, Func<int, int, float> key, Func<int, float> value)
    {
        var scores = Enumerable.Range(0, count)
            .Select(place => Enumerable.Range(head * HeadWidth, HeadWidth).Sum(dimension => (double)query(dimension, place) * key(dimension, place)) / Math.Sqrt(HeadWidth))
            .Select(Math.Exp)
            .ToArray();
        return scores.Select((score, place) => score * value(place)).Sum() / scores.Sum();
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
