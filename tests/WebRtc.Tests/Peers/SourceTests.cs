using MediaScore.Peers.Sources;
using MediaScore.TestMedia;

namespace MediaScore.WebRtc.Tests.Peers;

public sealed class SourceTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Sound_loops_without_a_seam()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var clip = await PeerClips.OpusAsync();
        var source = new OpusSource(clip);

        for (var i = 0; i < clip.Units.Count * 2 + 10; i++)
        {
            var unit = source.Read();
            unit.Time.ShouldBe(i * Frame);
            unit.Payload.Span.SequenceEqual(clip.Units[i % clip.Units.Count].Payload.Span).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Muted_microphone_sends_silence_that_decodes_to_silence()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var source = new OpusSource(await PeerClips.OpusAsync()) { Mute = MuteKind.Silence };

        var muted = Enumerable.Range(0, 50).Select(_ => source.Read()).ToList();

        muted.ShouldAllBe(unit => unit.LevelDbov == -127 && !unit.Voice);
        CodedMedia.Decode(muted.Select(unit => new CodedSound(unit.Time, Frame, unit.Payload.ToArray()))).Max(Math.Abs).ShouldBeLessThan(1e-3f);
    }

    [Fact]
    public async Task Discontinuous_transmission_sends_two_and_a_half_packets_a_second_of_silence_and_marks_the_next_word()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var source = new OpusSource(await PeerClips.OpusAsync(), new OpusSourceOptions(Dtx: true, SpeechRatio: 0.4));

        var units = Enumerable.Range(0, 501).Select(_ => source.Read()).ToList(); // Ten seconds, four of them spoken, and one packet.

        units[..200].ShouldAllBe(unit => !unit.Payload.IsEmpty);
        units[200..500].Count(unit => !unit.Payload.IsEmpty).ShouldBe(15);
        units.Where(unit => unit.StartsTalkSpurt).Select(unit => unit.Time).ShouldBe([TimeSpan.Zero, TimeSpan.FromSeconds(10)]);
    }

    [Fact]
    public async Task Key_frame_request_makes_the_picture_leap_and_not_the_clock()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var source = new VideoSource(await PeerClips.Vp8Async());
        for (var i = 0; i < 5; i++)
            source.Read();
        var due = source.NextTime;

        source.RequestKeyFrame();
        var unit = source.Read();

        unit.KeyFrame.ShouldBeTrue();
        unit.Time.ShouldBe(due);
        (source.NextTime - due).TotalMilliseconds.ShouldBe(1000.0 / 15, 2);
    }

    [Fact]
    public async Task Levels_are_those_of_the_sound()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var clip = await PeerClips.OpusAsync();

        // FFmpeg's sine has an amplitude of 1/8: -18 dB, and 3 dB less as root mean square.
        clip.Units[50].LevelDbov.ShouldBeInRange(-23, -19);
    }
}
