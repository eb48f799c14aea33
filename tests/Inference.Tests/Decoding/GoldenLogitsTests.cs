using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using MediaScore.Inference.Catalog;
using MediaScore.Inference.Decoding;
using MediaScore.Inference.Graphs.Moonshine;
using MediaScore.Inference.Tests.Execution;

namespace MediaScore.Inference.Tests.Decoding;

/// <summary>A transcript is the same on every processor (docs/decisions/0008): to the last bit of every logit. <see cref="OtherProcessorsTests"/> runs this again without parts of the processor.</summary>
public sealed class GoldenLogitsTests
{
    /// <summary>Names what a child process must not have, to be checked there: a runtime that does not know the setting would test nothing.</summary>
    public const string WithoutVariable = "MEDIASCORE_TEST_WITHOUT";

    // Two sequences, of one block of frames and of two, the last of each broken. Two steps: without vectors each takes a second.
    private static readonly int[] FrameCounts = [37, 70];
    private static readonly int[] Tokens = [1, 450, 1019];

    // Origin: these kernels on an AMD EPYC (Zen 5: AVX-512 and AVX-VNNI), moonshine-tiny-en revision 6, inputs by SplitMix64.
    private const string Golden = "45BBED06D73CA7AFDED5113656CDB253EDC46B0E9BA78056AF2E4651BEC67DCD";

    [Fact]
    public void Every_logit_of_two_sequences_is_the_golden_one_to_the_last_bit()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        var decoder = new MoonshineDecoder(MoonshineDecoderWeights.Read(PreparedMoonshine.DecoderPath), FrameCounts.Length, maxTokens: 8, maxFrames: 128);
        using var slots = new DecoderSlots(decoder, FrameCounts.Length);
        for (var slot = 0; slot < FrameCounts.Length; slot++)
            slots.Join(slot, States(seed: (ulong)slot, FrameCounts[slot] * decoder.Width), Tokens[0]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        foreach (var next in Tokens[1..])
        {
            decoder.Step(FrameCounts.Length, slots);
            for (var slot = 0; slot < FrameCounts.Length; slot++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(decoder.Logits(slot)));
                hash.AppendData(BitConverter.GetBytes(TokenChooser.Choose(decoder.Logits(slot)).LogProbability));
                slots.Advance(slot, next);
            }
        }

        Convert.ToHexString(hash.GetHashAndReset()).ShouldBe(Golden);
    }

    [Fact]
    public void A_child_process_has_no_more_of_the_processor_than_it_was_given()
    {
        switch (Environment.GetEnvironmentVariable(WithoutVariable))
        {
            case "AVX512":
                Avx512F.IsSupported.ShouldBeFalse();
                break;
            case "AVXVNNI":
                AvxVnni.IsSupported.ShouldBeFalse();
                break;
            case "AVX2":
                (Avx2.IsSupported || AvxVnni.IsSupported || Vector256.IsHardwareAccelerated).ShouldBeFalse();
                break;
            case "HWIntrinsic":
                (Sse42.IsSupported || Vector128.IsHardwareAccelerated).ShouldBeFalse();
                break;
        }
    }

    private static float[] States(ulong seed, int count)
    {
        var numbers = new SeededNumbers(seed);
        var states = new float[count];
        for (var i = 0; i < count; i++)
            states[i] = (float)((numbers.NextUnit() * 2) - 1);
        return states;
    }
}
