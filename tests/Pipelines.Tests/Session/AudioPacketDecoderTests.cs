using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.TestMedia;

namespace MediaScore.Pipelines.Tests.Session;

public class AudioPacketDecoderTests
{
    private const int FrameSamples = 320; // 20 ms.

    private static readonly TrackFormat Opus = new(TrackKind.Audio, MediaCodec.Opus, 48_000, 1);

    // A tone that jumps in pitch every 200 ms: concealment can't guess the jump, the copy knows it.
    private const string JumpingTone = "-f lavfi -i aevalsrc=0.4*sin(2*PI*(200+150*mod(floor(t*5)\\,4))*t):s=16000:d=6";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_lost_packet_sounds_nearer_to_the_original_by_the_copy_in_the_next_than_by_concealment(int lostInARow)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await PacketsAsync(JumpingTone);

        var (byCopy, concealed) = (ErrorOfLastLost(packets, lostInARow, useCopy: true), ErrorOfLastLost(packets, lostInARow, useCopy: false));

        byCopy.ShouldBeLessThan(0.8 * concealed);
    }

    [Fact]
    public async Task Lost_speech_sounds_nearer_to_the_original_by_the_copy_than_by_concealment()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var speech = SpeechCorpus.TryLoad();
        Assert.SkipWhen(speech is null, SharedTestData.SkipReason);
        var packets = await PacketsAsync($"-i {speech!.First(utterance => !utterance.Path.Contains(' ', StringComparison.Ordinal)).Path}");

        var (byCopy, concealed) = (ErrorOfLastLost(packets, 1, useCopy: true), ErrorOfLastLost(packets, 1, useCopy: false));

        byCopy.ShouldBeLessThan(0.8 * concealed);
        TestContext.Current.SendDiagnosticMessage($"Error of lost speech against the decoded original: {10 * Math.Log10(byCopy / concealed):F1} dB by the copy, against concealment.");
    }

    [Fact]
    public async Task A_hole_gives_as_many_samples_as_it_is_long()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await PacketsAsync(JumpingTone);
        using var decoder = new AudioPacketDecoder(Opus);
        decoder.Decode(packets[0].Payload).ShouldBe(FrameSamples);

        foreach (var count in (int[])[1, 39, 40, 320, 333, 960, 1920, 5000])
        {
            decoder.Bridge(count, packets[1].Payload).ShouldBe(count);
            decoder.Bridge(count, []).ShouldBe(count);
        }
    }

    [Fact]
    public async Task What_does_not_fit_into_the_codec_s_steps_is_silence_before_the_copy()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await PacketsAsync(JumpingTone);
        using var decoder = new AudioPacketDecoder(Opus);
        foreach (var packet in packets.Take(20))
            decoder.Decode(packet.Payload);

        decoder.Bridge(FrameSamples + 13, packets[21].Payload);

        decoder.Samples.Span[..13].ToArray().ShouldAllBe(sample => sample == 0);
        Tones.LevelDb(decoder.Samples.Span[13..(FrameSamples + 13)]).ShouldBeGreaterThan(-30);
    }

    [Fact]
    public async Task The_same_packets_give_the_same_samples()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var packets = await PacketsAsync(JumpingTone);

        WithLosses(packets, 2, useCopy: true).ShouldBe(WithLosses(packets, 2, useCopy: true));
    }

    [Fact]
    public void A_hole_in_pcm_is_silence()
    {
        using var decoder = new AudioPacketDecoder(new TrackFormat(TrackKind.Audio, MediaCodec.Pcm16, 16_000, 1));

        decoder.Bridge(500, new byte[640]).ShouldBe(500);

        decoder.Samples.Span[..500].ToArray().ShouldAllBe(sample => sample == 0);
    }

    private static async Task<IReadOnlyList<CodedSound>> PacketsAsync(string input) => await CodedMedia.OpusAsync(
        await Ffmpeg.MakeAsync($"{input} -ac 1 -ar 16000 -c:a libopus -application voip -b:a 32k -fec 1 -packet_loss 30 -f ogg pipe:1"));

    /// <summary>Summed square error of the last frame of each loss, against what the decoder makes without loss.</summary>
    private static double ErrorOfLastLost(IReadOnlyList<CodedSound> packets, int lostInARow, bool useCopy)
    {
        var (truth, heard) = (CodedMedia.Decode(packets), WithLosses(packets, lostInARow, useCopy));
        heard.Length.ShouldBe(truth.Length);
        var error = 0.0;
        for (var packet = 0; packet < packets.Count; packet++)
        {
            if (packet % 10 != 8)
                continue;
            for (var sample = packet * FrameSamples; sample < (packet + 1) * FrameSamples; sample++)
                error += Math.Pow(heard[sample] - truth[sample], 2);
        }

        return error;
    }

    /// <summary>Of each ten packets the ones up to number 8 are lost.</summary>
    private static float[] WithLosses(IReadOnlyList<CodedSound> packets, int lostInARow, bool useCopy)
    {
        using var decoder = new AudioPacketDecoder(Opus);
        var samples = new List<float>();
        var missing = 0;
        for (var number = 0; number < packets.Count; number++)
        {
            if (number % 10 <= 8 && number % 10 > 8 - lostInARow && number + 2 < packets.Count / 10 * 10)
            {
                missing++;
                continue;
            }

            if (missing > 0)
                Add(decoder.Bridge(missing * FrameSamples, useCopy ? packets[number].Payload : []));
            missing = 0;
            Add(decoder.Decode(packets[number].Payload));
        }

        return [.. samples];

        void Add(int count) => samples.AddRange(decoder.Samples.Span[..count]);
    }
}
