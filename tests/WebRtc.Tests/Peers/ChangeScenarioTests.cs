using MediaScore.Peers.Network;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Sources;
using MediaScore.TestMedia;

namespace MediaScore.WebRtc.Tests.Peers;

/// <summary>What happens to real connections besides loss: networks change, microphones are muted and exchanged, pages close.</summary>
public sealed class ChangeScenarioTests
{
    private static readonly NetworkConditions Home = new() { Delay = TimeSpan.FromMilliseconds(30) };
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(true, 0.5)] // The phone knows: it checks and nominates at once.
    [InlineData(false, 5.0)] // The NAT did it: until the next consent check nobody knows.
    public async Task Address_change_holds_media_up_for_no_longer_than_the_next_check_and_loses_no_picture(bool noticed, double mostSeconds)
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.ChangeAddress(noticed);
        var changed = scene.Now;
        scene.Run(Ten);

        scene.Receiver.State.ShouldBe(RtcState.Connected);
        scene.Receiver.Ice.Selected!.Value.Port.ShouldBe((ushort)40_001);
        (scene.Received.Audio.First(frame => frame.At > changed + (Home.Delay * 2)).At - changed).TotalSeconds.ShouldBeLessThan(mostSeconds);
        (scene.Received.Video.First(frame => frame.At > changed + (Home.Delay * 2)).At - changed).TotalSeconds.ShouldBeLessThan(mostSeconds);
        scene.Sender.Snapshot().DisconnectCount.ShouldBe(0);
        OnTheirPlaces(scene);
        InStep(scene);
    }

    [Fact]
    public async Task Ice_restart_costs_nothing()
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.RestartIce();
        scene.Run(Ten);

        scene.Receiver.State.ShouldBe(RtcState.Connected);
        scene.Sender.State.ShouldBe(SenderState.Connected);
        scene.Receiver.Ice.PreviousLocal.ShouldBeNull();
        scene.Received.Audio.Sum(frame => frame.LostBefore).ShouldBe(0);
        scene.Received.Video.Sum(frame => frame.LostBefore).ShouldBe(0);
        scene.Received.Audio.Count.ShouldBeInRange(990, 1001);
        scene.Sender.Snapshot().PliCount.ShouldBeLessThan(3);
    }

    [Fact]
    public async Task Ice_restart_on_a_new_network_at_the_same_time_costs_nothing_but_the_change()
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.ChangeAddress(noticed: false);
        scene.RestartIce();
        scene.Run(Ten);

        scene.Receiver.State.ShouldBe(RtcState.Connected);
        scene.Received.Audio.Sum(frame => frame.LostBefore).ShouldBeLessThan(10);
        scene.Received.Video.Sum(frame => frame.LostBefore).ShouldBe(0);
    }

    [Fact]
    public async Task Muted_microphone_stays_on_the_timeline_as_silence()
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.Sender.AudioMute = MuteKind.Silence;
        scene.Run(Ten);
        scene.Sender.AudioMute = MuteKind.None;
        scene.Run(Ten);

        scene.Received.Audio.Count.ShouldBeInRange(1490, 1501);
        scene.Received.Audio.Count(frame => frame.Payload.Length == 3).ShouldBe(500);
        EveryTwentyMilliseconds(scene.Received.Audio);
    }

    [Fact]
    public async Task Microphone_without_packets_leaves_a_hole_of_its_length_and_pictures_go_on()
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.Sender.AudioMute = MuteKind.NoPackets;
        scene.Run(Ten);
        scene.Sender.AudioMute = MuteKind.None;
        scene.Run(Ten);

        var steps = scene.Received.Audio.Zip(scene.Received.Audio.Skip(1)).Select(pair => pair.Second.MediaTimeUs - pair.First.MediaTimeUs).ToList();
        steps.Max().ShouldBeInRange(9_980_000, 10_060_000);
        steps.Count(step => step != 20_000).ShouldBe(1);
        scene.Received.Audio.Sum(frame => frame.LostBefore).ShouldBe(0);
        scene.Received.Video.Count.ShouldBeInRange(445, 451);
        InStep(scene);
    }

    [Fact]
    public async Task Discontinuous_transmission_is_silence_and_not_a_hole()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var scene = await PeerScene.ConnectAsync(
            new SenderOptions { Audio = await PeerClips.OpusAsync(), AudioSource = new OpusSourceOptions(Dtx: true, SpeechRatio: 0.5) }, Home);

        scene.Run(Ten * 3);

        scene.Sender.Snapshot().AudioPacketCount.ShouldBeLessThan(850);
        scene.Received.Audio.Count.ShouldBeInRange(1460, 1501);
        EveryTwentyMilliseconds(scene.Received.Audio);
    }

    [Theory]
    [InlineData(MediaKind.Audio)]
    [InlineData(MediaKind.Video)]
    public async Task Another_device_goes_on_where_the_last_one_was(MediaKind kind)
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.Sender.ChangeSource(kind);
        scene.Run(Ten);

        scene.Receiver.State.ShouldBe(RtcState.Connected);
        scene.Received.Audio.Count.ShouldBeInRange(985, 1001);
        scene.Received.Video.Count.ShouldBeInRange(294, 301);
        InStep(scene);
    }

    [Fact]
    public async Task Numbers_that_wrap_within_the_session_change_nothing()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var options = (await OptionsAsync()) with { FirstSequenceNumber = 65_500, FirstTimestamp = uint.MaxValue - 90_000 };
        using var scene = await PeerScene.ConnectAsync(options, Home with { LossPercent = 5 });

        scene.Run(Ten * 3);
        scene.Network(Home);
        scene.Run(TimeSpan.FromSeconds(1));

        scene.Received.Video.Sum(frame => frame.LostBefore).ShouldBe(0);
        scene.Received.Video.Count.ShouldBeInRange(455, 466);
        scene.Received.Audio.Count.ShouldBeInRange(1390, 1551);
        InStep(scene);
    }

    [Fact]
    public async Task Page_that_closes_says_so_and_the_session_ends_at_once()
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.Sender.Close(scene.Now);
        scene.Run(TimeSpan.FromMilliseconds(100));

        scene.Receiver.State.ShouldBe(RtcState.Closed);
        scene.Receiver.Reason.ShouldBeOneOf(CloseReason.Bye, CloseReason.DtlsClosed);
        scene.Received.Audio.Count.ShouldBeInRange(499, 501);
    }

    [Fact]
    public async Task Server_that_closes_is_understood_by_the_sender()
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.Receiver.Close(CloseReason.ByOwner, scene.Now);
        scene.Run(TimeSpan.FromMilliseconds(100));

        scene.Sender.State.ShouldBe(SenderState.Closed);
    }

    [Fact]
    public async Task Phone_that_vanishes_is_waited_for_and_then_given_up()
    {
        using var scene = await ConnectAsync();
        scene.Run(Ten);

        scene.Sender.Crash();
        scene.Run(TimeSpan.FromSeconds(31));
        scene.Receiver.State.ShouldBe(RtcState.Disconnected);
        scene.Run(TimeSpan.FromSeconds(61));

        scene.Receiver.State.ShouldBe(RtcState.Closed);
        scene.Receiver.Reason.ShouldBe(CloseReason.ConsentLost);
    }

    private static async Task<SenderOptions> OptionsAsync() => new() { Audio = await PeerClips.OpusAsync(), Video = await PeerClips.Vp8Async() };

    private static async Task<PeerScene> ConnectAsync()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        return await PeerScene.ConnectAsync(await OptionsAsync(), Home, seed: 5);
    }

    private static void EveryTwentyMilliseconds(List<ReceivedFrame> frames) =>
        frames.Zip(frames.Skip(1)).Select(pair => pair.Second.MediaTimeUs - pair.First.MediaTimeUs).ShouldAllBe(step => step == 20_000);

    /// <summary>However late a picture came, its time is when it was taken: on the sound's clock, since that is the session's.</summary>
    private static void OnTheirPlaces(PeerScene scene)
    {
        var sent = Comparison.Of([.. scene.Sent.Video.Select(frame => frame.Payload)], [.. scene.Received.Video.Select(frame => frame.Payload)]);
        sent.Foreign.ShouldBe(0);
        var places = scene.Sent.Video.Where((_, index) => !sent.MissingAt.Contains(index)).Select(frame => frame.Time)
            .Zip(scene.Received.Video, (time, frame) => (Sent: time, Apart: Math.Round((TimeSpan.FromMicroseconds(frame.MediaTimeUs) - time).TotalMilliseconds))).ToList();
        places.Where(place => Math.Abs(place.Apart - places[0].Apart) > 60).ShouldBeEmpty();
    }

    /// <summary>Both timelines run with the clock that drives them: sound and picture that left together are together.</summary>
    private static void InStep(PeerScene scene)
    {
        scene.Received.Audio.Zip(scene.Received.Audio.Skip(1)).ShouldAllBe(pair => pair.Second.MediaTimeUs > pair.First.MediaTimeUs);
        scene.Received.Video.Zip(scene.Received.Video.Skip(1)).ShouldAllBe(pair => pair.Second.MediaTimeUs >= pair.First.MediaTimeUs);
        Math.Abs(scene.Received.Audio[^1].MediaTimeUs - scene.Received.Video[^1].MediaTimeUs).ShouldBeLessThan(120_000);
    }
}
