using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MediaScore.Inference.Decoding;
using MediaScore.Inference.Graphs.Moonshine;
using MediaScore.TestMedia;

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
        // Lengths from 0.5 to 4 s, so that cross attention meets whole and broken blocks of frames.
        var sounds = Enumerable.Range(0, batch).Select(i => PreparedMoonshine.Encode(SyntheticSound.Babble(seed: i, seconds: 0.5 + (i % 11 * 0.35)))).ToList();
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

        var answers = decoder.Run([PreparedMoonshine.Encode(SyntheticSound.Babble(1, 2)), PreparedMoonshine.Encode(SyntheticSound.Babble(2, 2))]);

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
        private readonly MoonshineDecoder _decoder;
        private readonly DecoderSlots _slots;

        public ManualDecoder(int maxBatch)
        {
            _decoder = new MoonshineDecoder(MoonshineDecoderWeights.Read(PreparedMoonshine.DecoderPath), maxBatch, PreparedMoonshine.MaxTokens, PreparedMoonshine.MaxFrames);
            _slots = new DecoderSlots(_decoder, maxBatch);
        }

        /// <returns>A hash of all logits of all steps, one a row.</returns>
        public string[] Run(IReadOnlyList<float[]> rows)
        {
            var hashes = rows.Select(_ => IncrementalHash.CreateHash(HashAlgorithmName.SHA256)).ToList();
            for (var slot = 0; slot < rows.Count; slot++)
                _slots.Join(slot, rows[slot], startToken: 1);
            for (var step = 0; step < StepCount; step++)
            {
                _decoder.Step(rows.Count, _slots);
                for (var slot = 0; slot < rows.Count; slot++)
                {
                    hashes[slot].AppendData(MemoryMarshal.AsBytes(_decoder.Logits(slot)));
                    _slots.Advance(slot, TokenChooser.Choose(_decoder.Logits(slot)).Id);
                }
            }

            return [.. hashes.Select(hash => Convert.ToHexString(hash.GetHashAndReset()))];
        }

        public void Dispose() => _slots.Dispose();
    }
}
