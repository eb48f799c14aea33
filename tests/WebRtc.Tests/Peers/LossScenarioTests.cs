using MediaScore.Peers.Network;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Whip;
using MediaScore.TestMedia;

namespace MediaScore.WebRtc.Tests.Peers;

/// <summary>A minute of sound and pictures through bad networks, in virtual time: what arrives is what was sent, in order, and how much of it.</summary>
public sealed class LossScenarioTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    // Longer than the longest hold, so that all that will come has come.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(RtpCodec.Vp8)]
    [InlineData(RtpCodec.H264)]
    public async Task Without_loss_everything_arrives_byte_for_byte_in_step(RtpCodec codec)
    {
        var scene = await RunAsync(new NetworkConditions { Delay = TimeSpan.FromMilliseconds(20) }, codec: codec);

        var (audio, video) = Compare(scene);
        TestContext.Current.TestOutputHelper?.WriteLine($"sound {audio.Percent:0.00} %, pictures {video.Percent:0.00} %, {scene.Sender.Snapshot()} {scene.Receiver.Snapshot()}");
        audio.ShouldSatisfyAllConditions(() => audio.Percent.ShouldBeGreaterThan(99.9), () => audio.Foreign.ShouldBe(0));
        video.ShouldSatisfyAllConditions(() => video.Percent.ShouldBeGreaterThan(99.8), () => video.Foreign.ShouldBe(0));
        scene.Received.Audio.Zip(scene.Received.Audio.Skip(1)).ShouldAllBe(pair => pair.Second.MediaTimeUs - pair.First.MediaTimeUs == 20_000);
        scene.Received.Audio.Sum(frame => frame.LostBefore).ShouldBe(0);
        scene.Received.Video.Sum(frame => frame.LostBefore).ShouldBe(0);
        scene.Receiver.Snapshot().AuthenticationFailureCount.ShouldBe(0);
    }

    // Sound without retransmission (browsers do not offer it by themselves) loses what the network loses; pictures come again.
    [Theory]
    [InlineData(2, 97.0, 99.9)]
    [InlineData(5, 94.0, 99.5)]
    [InlineData(10, 88.5, 98.5)]
    [InlineData(20, 78.0, 93.0)]
    public async Task Random_loss_costs_sound_its_share_and_pictures_almost_nothing(double lossPercent, double leastAudio, double leastVideo)
    {
        var scene = await RunAsync(new NetworkConditions { LossPercent = lossPercent, Delay = TimeSpan.FromMilliseconds(30) });

        Check(scene, leastAudio, leastVideo);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(20)]
    public async Task Sound_comes_again_where_the_offer_asks_for_it(double lossPercent)
    {
        var scene = await RunAsync(new NetworkConditions { LossPercent = lossPercent, Delay = TimeSpan.FromMilliseconds(30) }, audioNack: true);

        Check(scene, leastAudio: 99.9, leastVideo: 93);
    }

    [Fact]
    public async Task Bursts_of_loss_are_survived()
    {
        var scene = await RunAsync(new NetworkConditions { LossPercent = 10, LossBurst = 8, Delay = TimeSpan.FromMilliseconds(30) }, audioNack: true);

        Check(scene, leastAudio: 99, leastVideo: 95);
    }

    // Smaller stacks than browsers' do not answer extended reports: the round trip is guessed then, and must not be guessed from packets that were only late.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Jitter_of_300_ms_costs_nothing(bool answersExtendedReports)
    {
        var scene = await RunAsync(new NetworkConditions { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(300) }, answersExtendedReports: answersExtendedReports);

        Check(scene, leastAudio: 99.9, leastVideo: 99);
    }

    [Fact]
    public async Task Reordering_and_duplicates_cost_nothing()
    {
        var scene = await RunAsync(new NetworkConditions { Delay = TimeSpan.FromMilliseconds(30), ReorderPercent = 10, DuplicatePercent = 10 });

        Check(scene, leastAudio: 99.9, leastVideo: 99.8);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_bad_at_once_is_survived(bool answersExtendedReports)
    {
        var scene = await RunAsync(
            new NetworkConditions
            {
                LossPercent = 5,
                LossBurst = 3,
                Delay = TimeSpan.FromMilliseconds(60),
                Jitter = TimeSpan.FromMilliseconds(120),
                ReorderPercent = 3,
                DuplicatePercent = 3,
                RateKilobitsPerSecond = 1_500,
            },
            audioNack: true,
            answersExtendedReports: answersExtendedReports);

        Check(scene, leastAudio: 99, leastVideo: 93);
    }

    [Theory]
    [InlineData(1, 98.0)]
    [InlineData(5, 91.0)]
    [InlineData(30, 48.0)]
    public async Task Outage_costs_its_own_time_and_little_more(int seconds, double least)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var scene = await ConnectAsync(NetworkConditions.Perfect);
        scene.Network(new NetworkConditions { Delay = TimeSpan.FromMilliseconds(30), Outages = [new Outage(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(seconds))] });
        // What a page does: when the network is back and the connection failed, it restarts ICE.
        scene.At(TimeSpan.FromSeconds(15 + seconds + 0.5), () =>
        {
            if (scene.Sender.State == SenderState.Failed)
                scene.RestartIce();
        });

        scene.Run(Minute);
        Settle(scene);

        scene.Receiver.State.ShouldBe(RtcState.Connected);
        scene.Sender.State.ShouldBe(SenderState.Connected);
        var backAt = scene.Connected + TimeSpan.FromSeconds(15 + seconds);
        var firstSound = scene.Received.Audio.First(frame => frame.At > backAt).At;
        var firstPicture = scene.Received.Video.First(frame => frame.At > backAt).At;
        (firstSound - backAt).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        (firstPicture - backAt).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        var (audio, video) = Compare(scene);
        audio.Foreign.ShouldBe(0);
        video.Foreign.ShouldBe(0);
        audio.Percent.ShouldBeGreaterThan(least);
        video.Percent.ShouldBeGreaterThan(least - 4);
    }

    private static void Check(PeerScene scene, double leastAudio, double leastVideo)
    {
        scene.Receiver.State.ShouldBe(RtcState.Connected);
        scene.Sender.State.ShouldBe(SenderState.Connected);
        var (audio, video) = Compare(scene);
        TestContext.Current.TestOutputHelper?.WriteLine($"sound {audio.Percent:0.00} %, pictures {video.Percent:0.00} %, {scene.Sender.Snapshot()} {scene.Receiver.Snapshot()}");
        audio.ShouldSatisfyAllConditions(() => audio.Percent.ShouldBeGreaterThanOrEqualTo(leastAudio), () => audio.Foreign.ShouldBe(0));
        video.ShouldSatisfyAllConditions(() => video.Percent.ShouldBeGreaterThanOrEqualTo(leastVideo), () => video.Foreign.ShouldBe(0));
        scene.Received.Audio.Zip(scene.Received.Audio.Skip(1)).ShouldAllBe(pair => pair.Second.MediaTimeUs > pair.First.MediaTimeUs);
        scene.Received.Video.Zip(scene.Received.Video.Skip(1)).ShouldAllBe(pair => pair.Second.MediaTimeUs >= pair.First.MediaTimeUs);
        // The last two may be missing because the count ends there.
        scene.Received.Audio.Sum(frame => frame.LostBefore).ShouldBeInRange(audio.MissingAt.Count - 2, audio.MissingAt.Count + 2);
        scene.Receiver.Snapshot().AuthenticationFailureCount.ShouldBe(0);
    }

    private static async Task<PeerScene> ConnectAsync(NetworkConditions conditions, RtpCodec codec = RtpCodec.Vp8, bool audioNack = false, bool answersExtendedReports = true) => await PeerScene.ConnectAsync(
        new SenderOptions
        {
            Audio = await PeerClips.OpusAsync(),
            Video = codec == RtpCodec.Vp8 ? await PeerClips.Vp8Async() : await PeerClips.H264Async(),
            Offer = new SenderOfferOptions { AudioNack = audioNack },
            AnswersExtendedReports = answersExtendedReports,
        },
        conditions,
        seed: 11);

    private static async Task<PeerScene> RunAsync(NetworkConditions conditions, RtpCodec codec = RtpCodec.Vp8, bool audioNack = false, bool answersExtendedReports = true)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var scene = await ConnectAsync(conditions, codec, audioNack, answersExtendedReports);
        scene.Run(Minute);
        Settle(scene);
        return scene;
    }

    /// <summary>The last packets come, over a network that is good now; what is sent meanwhile is not counted.</summary>
    private static void Settle(PeerScene scene)
    {
        scene.Sent.Frozen = true;
        scene.Network(new NetworkConditions { Delay = TimeSpan.FromMilliseconds(20) });
        scene.Run(Rest);
        scene.Dispose();
    }

    private static (Comparison Audio, Comparison Video) Compare(PeerScene scene)
    {
        var h264 = scene.Sent.Video[0].Payload.Span[..3].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0]);
        Func<ReadOnlyMemory<byte>, byte[], bool>? same = h264 ? static (sent, received) => PacketizerTests.Units(received).EndsWith(PacketizerTests.Units(sent.Span), StringComparison.Ordinal) : null;
        var audio = Comparison.Of(Sent(scene.Sent.Audio), Received(scene.Received.Audio));
        var video = Comparison.Of(Sent(scene.Sent.Video), Received(scene.Received.Video), same);
        return (audio with { Sent = 3000 }, video with { Sent = 900 });

        static List<ReadOnlyMemory<byte>> Sent(List<(TimeSpan Time, ReadOnlyMemory<byte> Payload)> frames) => [.. frames.Where(frame => frame.Time < Minute).Select(frame => frame.Payload)];

        // Frames of the rest, which nobody counts, come after all others.
        static List<byte[]> Received(List<ReceivedFrame> frames) =>
            [.. frames.Where(frame => frame.MediaTimeUs - frames[0].MediaTimeUs < Minute.TotalMicroseconds - 30_000).Select(frame => frame.Payload)];
    }
}
