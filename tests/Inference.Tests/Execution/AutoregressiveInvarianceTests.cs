using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MediaScore.TestMedia;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Execution;

/// <summary>The law of the pool, for the decoder: a row's answer is bit-equal alone and in any batch.</summary>
public sealed class AutoregressiveInvarianceTests(RealUtterances real) : IClassFixture<RealUtterances>
{
    private const int StepCount = 12;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(32)]
    public void Logits_of_a_row_are_bit_equal_alone_and_among_neighbours_of_other_lengths(int batch)
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var decoder = new ManualDecoder(maxBatch: 32);
        // Lengths from 0.5 to 4 s, so that cross attention meets whole and broken vectors.
        var sounds = Enumerable.Range(0, batch).Select(i => decoder.Cross(SyntheticSound.Babble(seed: i, seconds: 0.5 + (i % 11 * 0.35)))).ToList();
        var alone = sounds.Take(4).Select(sound => decoder.Run([sound])[0]).ToList();

        var together = decoder.Run(sounds);
        var turned = decoder.Run([.. sounds.Skip(1), sounds[0]]);

        for (var i = 0; i < Math.Min(4, batch); i++)
        {
            together[i].ShouldBe(alone[i], $"row {i} of {batch}");
            turned[(i + batch - 1) % batch].ShouldBe(alone[i], $"row {i} of {batch}, moved");
        }
    }

    [Fact]
    public void Logits_differ_between_sounds()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var decoder = new ManualDecoder(maxBatch: 2);

        var answers = decoder.Run([decoder.Cross(SyntheticSound.Babble(1, 2)), decoder.Cross(SyntheticSound.Babble(2, 2))]);

        answers[0].ShouldNotBe(answers[1]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(32)]
    public async Task Every_real_utterance_is_written_the_same_alone_and_in_a_batch_that_others_join_and_leave(int maxBatch)
    {
        Assert.SkipUnless(real.SkipReason.Length == 0, real.SkipReason);
        var alone = real.DecodedAlone;
        using var shared = new LocalDecoder(maxBatch);

        var together = await shared.DecodeAllAsync([.. alone.Select(utterance => utterance.States)], RealUtterances.MostTokens);

        for (var i = 0; i < alone.Count; i++)
        {
            together[i].Tokens.ShouldBe(alone[i].Decoded.Tokens);
            together[i].LogProbabilities.ShouldBe(alone[i].Decoded.LogProbabilities);
        }
    }

    /// <summary>Slots stepped by hand, so that the logits can be seen.</summary>
    private sealed class ManualDecoder : IDisposable
    {
        private readonly InferenceSession _first = PreparedMoonshine.Open("decoder_first.onnx");
        private readonly InferenceSession _step = PreparedMoonshine.Open("decoder_step.onnx");
        private readonly AutoregressiveSlots _slots;

        public ManualDecoder(int maxBatch) => _slots = new AutoregressiveSlots(_step, PreparedMoonshine.Load(maxBatch));

        public (float[] Values, int FrameCount) Cross(float[] samples)
        {
            var states = PreparedMoonshine.Encode(samples);
            var frameCount = states.Length / 288;
            using var runOptions = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory(states, [1, frameCount, 288]);
            using var output = _first.Run(runOptions, ["encoder_hidden_states"], [input], ["cross"]);
            return (output[0].GetTensorDataAsSpan<float>().ToArray(), frameCount);
        }

        /// <returns>A hash of all logits of all steps, one a row.</returns>
        public string[] Run(IReadOnlyList<(float[] Values, int FrameCount)> rows)
        {
            var hashes = rows.Select(_ => IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).ToList();
            for (var slot = 0; slot < rows.Count; slot++)
                _slots.Join(slot, rows[slot].Values, rows[slot].FrameCount, startToken: 1);
            for (var step = 0; step < StepCount; step++)
            {
                _slots.Run(rows.Count);
                for (var slot = 0; slot < rows.Count; slot++)
                {
                    hashes[slot].AppendData(MemoryMarshal.AsBytes(_slots.Logits(slot)));
                    _slots.SetToken(slot, TokenChooser.Choose(_slots.Logits(slot)).Id);
                    _slots.Advance(slot);
                }
            }

            return [.. hashes.Select(hash => Convert.ToHexString(hash.GetHashAndReset()))];
        }

        public void Dispose()
        {
            _slots.Dispose();
            _first.Dispose();
            _step.Dispose();
        }
    }
}
