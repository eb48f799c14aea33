using MediaScore.Recording.Tests.Support;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Recording.Tests;

public sealed class ClipExporterTests : IAsyncDisposable
{
    private const string Picture = "-f lavfi -i testsrc2=size=320x240:rate=10:duration=6";
    private const int Seconds = 6;

    private readonly TemporaryFolder _folder = new();
    private readonly GroupCommitter _committer = new(TimeProvider.System, new GroupCommitOptions { SpacingMs = 0 });
    private readonly ClipExporter _exporter = new();

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_whole_recording_of_Opus_and_VP8_is_a_WebM_that_decodes_without_a_complaint()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        await RecordAsync(await OpusAsync(), await Vp8Async());

        var (clip, file) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.WebM);

        var probe = await Probe.DecodeAsync(file);
        probe.FormatName.ShouldContain("webm");
        probe.Duration.ShouldNotBeNull().TotalSeconds.ShouldBe(Seconds, 0.1);
        (probe.Audio.Codec, probe.Audio.PacketCount).ShouldBe(("opus", (int)clip.AudioPacketCount));
        probe.Audio.LastTime.ShouldBe(Seconds - 0.02, 0.03);
        (probe.Video.Codec, probe.Video.PacketCount, probe.Video.Width, probe.Video.Height).ShouldBe(("vp8", 60, 320, 240));
        probe.Video.BeginsWithKeyFrame.ShouldBeTrue();
        clip.RecordingEnd.Kind.ShouldBe(LogEndKind.Complete);
    }

    [Fact]
    public async Task A_clip_begins_at_the_key_frame_before_its_start_and_keeps_sound_and_picture_together()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        await RecordAsync(await OpusAsync(), await Vp8Async());

        // Key frames stand at 0, 2 and 4 s.
        var (clip, file) = await ExportAsync(new MediaRange(MediaTime.FromSeconds(3), MediaTime.FromSeconds(5)), ClipTracks.All, ClipFormat.WebM);

        clip.Range.Start.ShouldBe(MediaTime.FromSeconds(2));
        clip.Range.End.TotalSeconds.ShouldBe(5, 0.03);
        var probe = await Probe.DecodeAsync(file);
        probe.Duration.ShouldNotBeNull().TotalSeconds.ShouldBe(3, 0.05);
        probe.Video.BeginsWithKeyFrame.ShouldBeTrue();
        (probe.Video.PacketCount, probe.Video.FirstTime, probe.Video.LastTime).ShouldBe((30, 0, 2.9));
        probe.Audio.FirstTime.ShouldBe(0, 0.02);
        probe.Audio.LastTime.ShouldBe(2.98, 0.02);
    }

    [Fact]
    public async Task The_sound_of_a_quote_begins_and_ends_where_it_was_asked_for()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        await RecordAsync(await OpusAsync(), await Vp8Async());

        var (clip, file) = await ExportAsync(new MediaRange(MediaTime.FromSeconds(3), MediaTime.FromSeconds(5)), ClipTracks.Audio, ClipFormat.WebM);

        (clip.AudioPacketCount, clip.VideoPacketCount).ShouldBe((100, 0));
        var probe = await Probe.DecodeAsync(file);
        probe.Streams.ShouldHaveSingleItem().Codec.ShouldBe("opus");
        probe.Duration.ShouldNotBeNull().TotalSeconds.ShouldBe(2, 0.05);
    }

    [Fact]
    public async Task A_recording_cut_anywhere_still_gives_a_clip_that_decodes()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        await RecordAsync(await OpusAsync(), await Vp8Async());
        var path = _folder.Interview().RecordingPath;
        var whole = await File.ReadAllBytesAsync(path);

        var random = new Random(5);
        for (var i = 0; i < 8; i++)
        {
            var length = random.Next(whole.Length / 6, whole.Length);
            await File.WriteAllBytesAsync(path, whole[..length]);

            var (clip, file) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.WebM);

            clip.RecordingEnd.Kind.ShouldBe(LogEndKind.Torn, $"cut at {length}");
            var probe = await Probe.DecodeAsync(file);
            probe.Audio.PacketCount.ShouldBe((int)clip.AudioPacketCount, $"cut at {length}");
            probe.Duration.ShouldNotBeNull().TotalSeconds.ShouldBe(clip.Range.Duration.TotalSeconds, 0.1, $"cut at {length}");
        }
    }

    [Fact]
    public async Task A_stream_that_is_cut_while_it_is_written_plays_up_to_there()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        await RecordAsync(await OpusAsync(), video: null);
        var (_, file) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.WebM);

        var samples = await Ffmpeg.ConvertAsync(file[..(file.Length / 2)], "-i pipe:0 -f s16le -ac 1 -ar 16000 pipe:1");

        (samples.Length / 32000.0).ShouldBe(Seconds / 2.0, 0.3);
    }

    [Fact]
    public async Task Sound_in_a_clip_is_the_sound_that_was_recorded()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var pcm = Tones.ToPcm16(Tones.Sine(440, 48000, 2));
        await RecordAsync(new TrackFormat(TrackKind.Audio, MediaCodec.Pcm16, 48000, 1), Slice(pcm), videoFormat: null, video: null);

        var (_, matroska) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.Matroska);
        var (_, webm) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.WebM);
        var (_, mp4) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.Mp4);

        (await Ffmpeg.ConvertAsync(matroska, "-i pipe:0 -f s16le pipe:1")).ShouldBe(pcm);
        (await Probe.DecodeAsync(webm)).Audio.Codec.ShouldBe("opus");
        (await Probe.DecodeAsync(mp4)).Audio.Codec.ShouldBe("aac");
    }

    [Fact]
    public async Task H264_is_kept_as_it_is_in_Matroska_and_MP4_and_becomes_VP8_in_WebM()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        // 322 x 242 is no multiple of 16: the size is right only when the cropping is read.
        var pictures = await CodedMedia.H264Async("-f lavfi -i testsrc2=size=322x242:rate=10:duration=6", frameRate: 10);
        await RecordAsync(
            Packets.Opus, await OpusAsync(), new TrackFormat(TrackKind.Video, MediaCodec.H264, 0, 0),
            [.. pictures.Select((picture, i) => (picture.Time, picture.Payload, i % 20 == 0))]);

        foreach (var (format, codec) in new[] { (ClipFormat.Matroska, "h264"), (ClipFormat.Mp4, "h264"), (ClipFormat.WebM, "vp8") })
        {
            var (_, file) = await ExportAsync(new MediaRange(MediaTime.FromSeconds(2.5), MediaTime.FromSeconds(6)), ClipTracks.All, format);

            var probe = await Probe.DecodeAsync(file);
            (probe.Video.Codec, probe.Video.Width, probe.Video.Height, probe.Video.PacketCount).ShouldBe((codec, 322, 242, 40), $"{format}");
            probe.Video.BeginsWithKeyFrame.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Single_pictures_become_a_film()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var jpeg = await CodedMedia.JpegAsync("-f lavfi -i testsrc2=size=320x240");
        await RecordAsync(
            Packets.Opus, await OpusAsync(), new TrackFormat(TrackKind.Video, MediaCodec.Jpeg, 0, 0),
            [.. Enumerable.Range(0, 12).Select(i => (TimeSpan.FromSeconds(i / 2.0), jpeg, true))]);

        var (_, matroska) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.Matroska);

        var probe = await Probe.DecodeAsync(matroska);
        (probe.Video.Codec, probe.Video.PacketCount, probe.Video.Width).ShouldBe(("mjpeg", 12, 320));
    }

    [Fact]
    public async Task What_arrived_late_stands_in_its_place()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        // A client that resumes sends what was not acknowledged again, one track after the other.
        var audio = await OpusAsync();
        var video = await Vp8Async();
        await using (var writer = await OpenAsync())
        {
            writer.DescribeTrack(Packets.Vp8);
            writer.DescribeTrack(Packets.Opus);
            for (var i = 0; i < video.Count; i++)
                await writer.AppendAsync(Packet(TrackKind.Video, i, video[i]));
            for (var i = 0; i < audio.Count; i++)
                await writer.AppendAsync(Packet(TrackKind.Audio, i, audio[i]));
        }

        var (_, file) = await ExportAsync(range: null, ClipTracks.All, ClipFormat.WebM);

        var probe = await Probe.DecodeAsync(file);
        (probe.Video.PacketCount, probe.Audio.PacketCount).ShouldBe((60, audio.Count));
        probe.Audio.LastTime.ShouldBe(Seconds - 0.02, 0.03);
    }

    [Fact]
    public async Task Nothing_to_export_and_a_missing_FFmpeg_are_said()
    {
        await RecordAsync(Packets.Opus, [(TimeSpan.Zero, [0xF8, 0xFF, 0xFE], false)], videoFormat: null, video: null);

        (await Should.ThrowAsync<ClipExportException>(() => ExportAsync(new MediaRange(MediaTime.FromSeconds(50), MediaTime.FromSeconds(60)), ClipTracks.All, ClipFormat.WebM)))
            .Message.ShouldBe("The recording holds no sound or picture in 0:50.0-1:00.0.");
        (await Should.ThrowAsync<ClipExportException>(() => ExportAsync(null, ClipTracks.Video, ClipFormat.WebM))).Message.ShouldContain("no picture that can be decoded");
        using var key = TemporaryFolder.Key();
        using var reader = RecordingReader.Open(_folder.Interview().RecordingPath, key);
        var exporter = new ClipExporter("no-such-ffmpeg");
        (await Should.ThrowAsync<ClipExportException>(() => exporter.ExportAsync(reader, null, ClipTracks.All, ClipFormat.Mp4, Stream.Null))).Message.ShouldContain("apt-get install ffmpeg");
    }

    [Fact]
    public async Task FFmpeg_is_ended_when_it_runs_over_its_limit_and_its_complaint_is_told_when_it_fails()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        var root = _folder.Root;
        await RecordAsync(Packets.Opus, [(TimeSpan.Zero, [0xF8, 0xFF, 0xFE], false)], videoFormat: null, video: null);
        using var key = TemporaryFolder.Key();
        using var reader = RecordingReader.Open(_folder.Interview().RecordingPath, key);

        var hanging = new ClipExporter(Script(root, "hanging", "exec sleep 60"), TimeSpan.FromMilliseconds(300));
        var failing = new ClipExporter(Script(root, "failing", "cat > /dev/null; echo broken input >&2; exit 7"));

        (await Should.ThrowAsync<ClipExportException>(() => hanging.ExportAsync(reader, null, ClipTracks.All, ClipFormat.Mp4, Stream.Null))).Message.ShouldContain("did not end within");
        (await Should.ThrowAsync<ClipExportException>(() => failing.ExportAsync(reader, null, ClipTracks.All, ClipFormat.Mp4, Stream.Null))).Message.ShouldBe("FFmpeg ended with 7: broken input");
    }

    private static string Script(string folder, string name, string body)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static async Task<List<(TimeSpan Time, byte[] Payload, bool KeyFrame)>> OpusAsync() =>
        [.. (await CodedMedia.OpusAsync(Tones.Sine(440, 16000, Seconds))).Where(packet => packet.Start.TotalSeconds < Seconds).Select(packet => (packet.Start, packet.Payload, false))];

    private static async Task<List<(TimeSpan Time, byte[] Payload, bool KeyFrame)>> Vp8Async() =>
        [.. (await CodedMedia.Vp8Async(Picture)).Select((picture, i) => (picture.Time, picture.Payload, i % 20 == 0))];

    /// <summary>20 ms a packet.</summary>
    private static List<(TimeSpan Time, byte[] Payload, bool KeyFrame)> Slice(byte[] pcm48k) =>
        [.. pcm48k.Chunk(1920).Select((chunk, i) => (TimeSpan.FromMilliseconds(20 * i), chunk, false))];

    private static RecordedPacket Packet(TrackKind track, int index, (TimeSpan Time, byte[] Payload, bool KeyFrame) packet) =>
        new(track, (ulong)index, MediaTime.Zero.Add(packet.Time), packet.KeyFrame, packet.Payload);

    private async ValueTask<RecordingWriter> OpenAsync()
    {
        using var key = TemporaryFolder.Key();
        return await RecordingWriter.OpenAsync(_folder.Interview(), key, 1, _committer);
    }

    private Task RecordAsync(List<(TimeSpan Time, byte[] Payload, bool KeyFrame)> audio, List<(TimeSpan Time, byte[] Payload, bool KeyFrame)>? video) =>
        RecordAsync(Packets.Opus, audio, video is null ? null : Packets.Vp8, video);

    private async Task RecordAsync(
        TrackFormat audioFormat, List<(TimeSpan Time, byte[] Payload, bool KeyFrame)> audio,
        TrackFormat? videoFormat, List<(TimeSpan Time, byte[] Payload, bool KeyFrame)>? video)
    {
        await using var writer = await OpenAsync();
        writer.DescribeTrack(audioFormat);
        if (videoFormat is not null)
            writer.DescribeTrack(videoFormat);
        var packets = audio.Select((packet, i) => Packet(TrackKind.Audio, i, packet))
            .Concat((video ?? []).Select((packet, i) => Packet(TrackKind.Video, i, packet)))
            .OrderBy(packet => packet.Time);
        var second = 0L;
        foreach (var packet in packets)
        {
            // As a session does: a chunk a second.
            if (packet.Time.Microseconds / 1_000_000 > second)
            {
                second = packet.Time.Microseconds / 1_000_000;
                await writer.FlushAsync();
            }

            await writer.AppendAsync(packet);
        }
    }

    private async Task<(ExportedClip Clip, byte[] File)> ExportAsync(MediaRange? range, ClipTracks tracks, ClipFormat format)
    {
        using var key = TemporaryFolder.Key();
        using var reader = RecordingReader.Open(_folder.Interview().RecordingPath, key);
        using var output = new MemoryStream();
        var clip = await _exporter.ExportAsync(reader, range, tracks, format, output);
        return (clip, output.ToArray());
    }
}
