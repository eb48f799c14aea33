using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Cli.Streaming;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Cli.Streaming;

/// <summary>Bad and odd media, each with what it gets: a message, or packets and a note.</summary>
public sealed class MediaProbeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mediascore-media-");

    [Fact]
    public async Task A_text_file_named_mp4_is_called_what_it_is()
    {
        var path = Path.Combine(_folder.FullName, "notes.mp4");
        await File.WriteAllTextAsync(path, "These are my notes for the interview.\n", TestContext.Current.CancellationToken);

        var fault = await Should.ThrowAsync<CliException>(() => ProbeAsync(path));

        fault.ExitCode.ShouldBe(ExitCode.BadInput);
        fault.Message.ShouldContain("not media that FFmpeg can read");
        fault.Message.ShouldContain("holds text");
    }

    [Fact]
    public async Task An_empty_file_is_called_empty()
    {
        var path = Path.Combine(_folder.FullName, "empty.mp4");
        await File.WriteAllBytesAsync(path, [], TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<CliException>(() => ProbeAsync(path))).Message.ShouldContain("0 bytes");
    }

    [Fact]
    public async Task Video_without_sound_is_sent_with_a_note()
    {
        var path = await MakeAsync("silent.mp4", "-f lavfi -i testsrc=size=320x240:rate=10:duration=4 -c:v libx264 -preset ultrafast");

        var (probe, items) = await ReadAsync(path);

        probe.Sound.ShouldBeNull();
        probe.Notes.ShouldContain(n => n.StartsWith("no sound"));
        items.ShouldAllBe(i => i.Track == Track.Video || i.Track == Track.Control);
        items.Count(i => i.KeyFrame).ShouldBe(2); // One every 2 s of 4.
    }

    [Fact]
    public async Task Sound_without_video_is_sent_with_a_note()
    {
        var path = await MakeAsync("sound.wav", "-f lavfi -i sine=duration=1:sample_rate=48000");

        var (probe, items) = await ReadAsync(path);

        probe.Picture.ShouldBeNull();
        probe.Notes.ShouldContain("no pictures: sound only");
        items.Count(i => i.Track == Track.Audio).ShouldBeInRange(50, 52);
    }

    [Fact]
    public async Task One_sample_of_sound_is_one_packet_and_a_note()
    {
        var path = await MakeAsync("one.wav", "-f lavfi -i sine=sample_rate=16000 -af atrim=end_sample=1");

        var (probe, items) = await ReadAsync(path);

        probe.Notes.ShouldContain(n => n.Contains("no word fits"));
        items.Count(i => i.Track == Track.Audio).ShouldBeInRange(1, 2);
    }

    [Theory]
    [InlineData("telephone.wav", "-f lavfi -i sine=duration=1:sample_rate=8000", "8000 Hz")]
    [InlineData("surround.wav", "-f lavfi -i sine=duration=1:sample_rate=48000 -ac 6", "6 channels")]
    public async Task Unusual_sound_is_sent_with_a_note(string name, string arguments, string note)
    {
        var path = await MakeAsync(name, arguments);

        var (probe, items) = await ReadAsync(path);

        probe.Notes.ShouldContain(n => n.Contains(note));
        items.Count(i => i.Track == Track.Audio).ShouldBeInRange(50, 52);
    }

    [Fact]
    public async Task A_4K_picture_is_scaled_down_and_it_says_so()
    {
        var path = await MakeAsync("uhd.mp4", "-f lavfi -i testsrc=size=3840x2160:rate=5:duration=1 -c:v libx264 -preset ultrafast");

        var (probe, items) = await ReadAsync(path);

        probe.Notes.ShouldContain(n => n.Contains("3840x2160") && n.Contains("640"));
        items.Where(i => i.Track == Track.Video).ShouldAllBe(i => i.Payload.Length < 512 * 1024);
    }

    [Theory]
    [InlineData("h264")]
    [InlineData("jpeg")]
    public async Task Pictures_can_also_be_sent_as_other_codecs(string codec)
    {
        var path = await MakeAsync("picture.mp4", "-f lavfi -i testsrc=size=320x240:rate=15:duration=4 -c:v libx264 -preset ultrafast");

        var (_, items) = await ReadAsync(path, Enum.Parse<PictureCodec>(codec, ignoreCase: true));

        var pictures = items.Where(i => i.Track == Track.Video).ToList();
        pictures.Count(i => i.KeyFrame).ShouldBe(2);
        pictures.ShouldBe(pictures.OrderBy(p => p.Time));
    }

    [Fact]
    public async Task Markers_stand_between_the_packets_they_separate()
    {
        var path = await MakeAsync("stages.wav", "-f lavfi -i sine=duration=2:sample_rate=16000");
        var script = StageScript.Parse(
            """
            stages:
              - { stage: a, question: q1, start: 0, end: 0.5 }
              - { stage: b, question: q2, start: 0.5, text: written }
              - { stage: c, question: q3, start: 0:01, end: 1.5 }
              - { stage: c, question: q3, start: 1.5, end: 9 }
              - { stage: d, question: q4, start: 10, end: 11 }
            """, "stages.yaml");
        var complaints = new List<string>();
        var feed = new MediaFeed(await ProbeAsync(path), script, PictureCodec.Vp8, sendPictures: true, complaints.Add);

        var items = await feed.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        items.Where(i => i.Track == Track.Control).Select(i => $"{i.Answer!.QuestionId}.{i.Answer.Attempt} {i.Marker} {i.Time.TotalSeconds:0.0}").ShouldBe(
            ["q1.1 Begin 0.0", "q1.1 End 0.5", "q2.1 Unspecified 0.5", "q3.1 Begin 1.0", "q3.1 End 1.5", "q3.2 Begin 1.5", $"q3.2 End {feed.End.TotalSeconds:0.0}"]);
        items.Select(i => i.Time).ShouldBe(items.Select(i => i.Time).Order());
        complaints.ShouldHaveSingleItem().ShouldContain("d/q4");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<MediaProbe> ProbeAsync(string path)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        return MediaProbe.ExamineAsync(path, TestContext.Current.CancellationToken);
    }

    private static async Task<(MediaProbe Probe, List<FeedItem> Items)> ReadAsync(string path, PictureCodec codec = PictureCodec.Vp8)
    {
        var probe = await ProbeAsync(path);
        var feed = new MediaFeed(probe, StageScript.Whole("s", "q"), codec, sendPictures: true, complaint => throw new InvalidOperationException(complaint));
        return (probe, await feed.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    private async Task<string> MakeAsync(string name, string arguments)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var path = Path.Combine(_folder.FullName, name);
        await Ffmpeg.RunAsync([.. arguments.Split(' '), "-y", path], []);
        return path;
    }
}
