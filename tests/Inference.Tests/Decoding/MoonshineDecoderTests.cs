using MediaScore.Inference.Decoding;
using MediaScore.Inference.Graphs.Moonshine;
using MediaScore.Inference.Tests.Execution;
using MediaScore.TestMedia;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Decoding;

public sealed class MoonshineDecoderTests
{
    // The frames are kept in eight bits, and the package quantises several tokens together, which a step at a time does not. Measured: 0.021 for the first token, at most
    // 0.036 for the others.
    private const double MostDifference = 0.06;

    [Fact]
    public void Logits_are_those_of_the_package_s_own_graph()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        var states = PreparedMoonshine.Encode(SyntheticSound.Babble(seed: 3, seconds: 2.3));
        int[] tokens = [1, 450, 1019, 29889, 305];
        var decoder = new MoonshineDecoder(MoonshineDecoderWeights.Read(PreparedMoonshine.DecoderPath), capacity: 1, PreparedMoonshine.MaxTokens, PreparedMoonshine.MaxFrames);
        using var slots = new DecoderSlots(decoder, 1);
        slots.Join(0, states, tokens[0]);

        var expected = RunPackage(states, tokens);

        for (var i = 0; i < tokens.Length; i++)
        {
            decoder.Step(1, slots);
            var difference = RootMeanSquare(decoder.Logits(0).ToArray().Zip(expected[i], (one, other) => one - other)) / RootMeanSquare(expected[i]);
            difference.ShouldBeLessThan(MostDifference, $"step {i}");
            if (i + 1 < tokens.Length)
                slots.Advance(0, tokens[i + 1]);
        }
    }

    private static List<float[]> RunPackage(float[] states, int[] tokens)
    {
        using var session = PreparedMoonshine.Open("decoder_merged.onnx");
        using var runOptions = new RunOptions();
        using var frames = OrtValue.CreateTensorValueFromMemory(states, [1, states.Length / 288, 288]);
        var caches = session.InputMetadata.Where(input => input.Key.StartsWith("past_key_values.", StringComparison.Ordinal)).ToList();
        var logits = new List<float[]>();
        // All tokens at once, anew for each length: no cache, so that nothing but the graph's own first branch is compared with.
        for (var count = 1; count <= tokens.Length; count++)
        {
            using var ids = OrtValue.CreateTensorValueFromMemory([.. tokens.Take(count).Select(token => (long)token)], [1, count]);
            using var useCache = OrtValue.CreateTensorValueFromMemory(new[] { false }, [1]);
            var past = caches.Select(cache => OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [0, cache.Value.Dimensions[1], 1, cache.Value.Dimensions[3]])).ToList();
            using var results = session.Run(
                runOptions, [.. caches.Select(cache => cache.Key), "input_ids", "encoder_hidden_states", "use_cache_branch"], [.. past, ids, frames, useCache], ["logits"]);
            logits.Add(results[0].GetTensorDataAsSpan<float>()[^32_768..].ToArray());
            past.ForEach(value => value.Dispose());
        }

        return logits;
    }

    private static double RootMeanSquare(IEnumerable<float> values) => Math.Sqrt(values.Average(value => (double)value * value));
}
