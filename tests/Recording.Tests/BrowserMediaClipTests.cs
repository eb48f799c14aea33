using System.Text;
using MediaScore.Recording.Tests.Support;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Recording.Tests;

/// <summary>Recordings as browsers make them: DTX, lost pictures, a hole, another resolution in the middle; every clip of them is read by FFmpeg without a complaint.</summary>
public sealed class BrowserMediaClipTests : IAsyncDisposable
{
    private const double PicturesASecond = 15;

    private readonly TemporaryFolder _folder = new();
    private readonly GroupCommitter _committer = new(TimeProvider.System, new GroupCommitOptions { SpacingMs = 0 });
    private readonly ClipExporter _exporter = new();

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(MediaCodec.Vp8, ClipFormat.WebM)]
    [InlineData(MediaCodec.Vp8, ClipFormat.Matroska)]
    [InlineData(MediaCodec.Vp8, ClipFormat.Mp4)]
    [InlineData(MediaCodec.H264, ClipFormat.WebM)]
    [InlineData(MediaCodec.H264, ClipFormat.Matroska)]
    [InlineData(MediaCodec.H264, ClipFormat.Mp4)]
    public async Task Every_format_decodes_without_a_complaint_and_keeps_every_packet_in_its_time(MediaCodec codec, ClipFormat format)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var (audio, video) = await RecordAsync(codec);

        var (clip, file) = await ExportAsync(format);

        (clip.AudioPacketCount, clip.VideoPacketCount).ShouldBe((audio.Count, video.Count));
        var probe = await Probe.DecodeAsync(file);
        var isCopied = format == ClipFormat.Matroska || (format == ClipFormat.WebM) == (codec == MediaCodec.Vp8);
        if (isCopied)
            probe.Video.PacketCount.ShouldBe(video.Count);
        (probe.Video.LastTime - probe.Video.FirstTime).ShouldBe((video[^1].Time - video[0].Time).TotalSeconds, 0.04);
        (probe.Audio.LastTime - probe.Audio.FirstTime).ShouldBe((audio[^1].Time - audio[0].Time).TotalSeconds, 0.04);
        (probe.Video.FirstTime - probe.Audio.FirstTime).ShouldBe(0, 0.04);
    }

    [Theory]
    [InlineData(MediaCodec.Vp8)]
    [InlineData(MediaCodec.H264)]
    public async Task Both_resolutions_are_decoded(MediaCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var (_, video) = await RecordAsync(codec);
        var (_, file) = await ExportAsync(ClipFormat.Matroska);

        // FFmpeg brings all pictures to the first one's size; none of them is left out or cannot be decoded.
        var sums = await Ffmpeg.ConvertAsync(file, "-xerror -i pipe:0 -map 0:v -vsync passthrough -f framecrc pipe:1");

        Encoding.ASCII.GetString(sums).Split('\n').Count(line => line.StartsWith("0,", StringComparison.Ordinal)).ShouldBe(video.Count);
    }

    [Theory]
    [InlineData(MediaCodec.Vp8)]
    [InlineData(MediaCodec.H264)]
    public async Task A_recording_cut_at_any_byte_plays_up_to_there(MediaCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        await RecordAsync(codec);
        var path = _folder.Interview().RecordingPath;
        var whole = await File.ReadAllBytesAsync(path);
        var random = new Random(11);
        var played = 0;

        // What a length gives is a whole number of chunks: six different ones are decoded, which takes time enough.
        var decoded = new HashSet<(long, long)>();
        var lengths = Enumerable.Range(0, 150).Select(_ => random.Next(whole.Length)).Append(whole.Length - 1);
        foreach (var length in lengths)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            try
            {
                var (clip, file) = await ExportAsync(ClipFormat.Matroska);
                played++;
                if (clip.AudioPacketCount == 0 || decoded.Count == 6 || !decoded.Add((clip.AudioPacketCount, clip.VideoPacketCount)))
                    continue;
                var probe = await Probe.DecodeAsync(file);
                probe.Streams.Sum(stream => stream.PacketCount).ShouldBe((int)(clip.AudioPacketCount + clip.VideoPacketCount), $"cut at {length}");
            }
            catch (Exception e) when (e is ClipExportException or LogDamagedException)
            {
                length.ShouldBeLessThan(whole.Length / 4, e.Message);
            }
        }

        played.ShouldBeGreaterThan(100);
        decoded.Count.ShouldBe(6);
    }

    /// <summary>
    /// 12 s: speech and pauses of DTX; pictures of 320 x 240 up to 6 s, then 640 x 360; pictures 30 to 44 were lost, up to the key frame that was asked for; from 8 to 10 s nothing came.
    /// </summary>
    private async Task<(List<RecordedPacket> Audio, List<RecordedPacket> Video)> RecordAsync(MediaCodec codec)
    {
        var (audio, video) = (new List<RecordedPacket>(), new List<RecordedPacket>());
        var sounds = await CodedMedia.OpusAsync(Tones.Sine(330, 16_000, 12));
        for (var number = 0; number < sounds.Count && sounds[number].Start < TimeSpan.FromSeconds(12); number++)
        {
            // In DTX the receiver puts packets without sound where the sender sent none.
            byte[] payload = number % 100 is > 60 and < 80 ? [(byte)(sounds[number].Payload[0] & 0xFC)] : sounds[number].Payload;
            if (!IsInHole(sounds[number].Start))
                audio.Add(new RecordedPacket(TrackKind.Audio, (ulong)number, MediaTime.Zero.Add(sounds[number].Start), KeyFrame: false, payload));
        }

        var pictures = (IReadOnlyList<byte[]>)[.. await PicturesAsync(codec, "320x240"), .. await PicturesAsync(codec, "640x360")];
        for (var number = 0; number < pictures.Count; number++)
        {
            var time = TimeSpan.FromSeconds(number / PicturesASecond);
            if (number is < 30 or > 44 && !IsInHole(time))
                video.Add(new RecordedPacket(TrackKind.Video, (ulong)number, MediaTime.Zero.Add(time), number % 15 == 0, pictures[number]));
        }

        // The hole ended within a group of pictures: they are dropped up to the next key frame.
        var back = video.FindIndex(packet => packet.Time >= MediaTime.FromSeconds(10));
        var key = video.FindIndex(back, packet => packet.KeyFrame);
        video.RemoveRange(back, key - back);
        await using var writer = await OpenAsync();
        writer.DescribeTrack(new TrackFormat(TrackKind.Video, codec, 0, 0));
        writer.DescribeTrack(Packets.Opus);
        var second = 0L;
        foreach (var packet in audio.Concat(video).OrderBy(packet => packet.Time))
        {
            if (packet.Time.Microseconds / 1_000_000 > second)
            {
                second = packet.Time.Microseconds / 1_000_000;
                await writer.FlushAsync();
            }

            await writer.AppendAsync(packet);
        }

        return (audio, video);
    }

    private static bool IsInHole(TimeSpan time) => time >= TimeSpan.FromSeconds(8) && time < TimeSpan.FromSeconds(10);

    private static async Task<IEnumerable<byte[]>> PicturesAsync(MediaCodec codec, string size)
    {
        var input = $"-f lavfi -i testsrc2=size={size}:rate={PicturesASecond}:duration=6";
        var pictures = codec == MediaCodec.Vp8
            ? await CodedMedia.Vp8Async(input, keyFrameInterval: 15)
            : await CodedMedia.H264Async(input, PicturesASecond, keyFrameInterval: 15);
        return pictures.Select(picture => picture.Payload);
    }

    private async ValueTask<RecordingWriter> OpenAsync()
    {
        using var key = TemporaryFolder.Key();
        return await RecordingWriter.OpenAsync(_folder.Interview(), key, 1, _committer);
    }

    private async Task<(ExportedClip Clip, byte[] File)> ExportAsync(ClipFormat format)
    {
        using var key = TemporaryFolder.Key();
        using var reader = RecordingReader.Open(_folder.Interview().RecordingPath, key);
        using var output = new MemoryStream();
        var clip = await _exporter.ExportAsync(reader, range: null, ClipTracks.All, format, output);
        return (clip, output.ToArray());
    }
}
