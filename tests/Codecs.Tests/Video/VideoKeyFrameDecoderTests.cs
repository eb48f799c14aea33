using MediaScore.Codecs.Video;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Video;

public class VideoKeyFrameDecoderTests
{
    public static TheoryData<VideoCodec> Codecs => [VideoCodec.Vp8, VideoCodec.H264, VideoCodec.Jpeg];

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_plain_colour_comes_back_as_itself(VideoCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var decoder = new VideoKeyFrameDecoder();

        decoder.TryDecode(codec, await KeyFrames.MakeAsync(codec, 160, 120, "color=c=0xC86432"), 640, out var picture, out var error).ShouldBeTrue(error);

        using (picture)
        {
            (picture.Width, picture.Height).ShouldBe((160, 120));
            var pixels = picture.Rgb24.ToArray();
            for (var i = 0; i < pixels.Length; i += 3)
            {
                ((double)pixels[i]).ShouldBe(0xC8, tolerance: 6);
                ((double)pixels[i + 1]).ShouldBe(0x64, tolerance: 6);
                ((double)pixels[i + 2]).ShouldBe(0x32, tolerance: 6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Pixels_agree_with_the_ffmpeg_program(VideoCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var coded = await KeyFrames.MakeAsync(codec, 320, 240);
        var format = codec switch { VideoCodec.Vp8 => "ivf", VideoCodec.H264 => "h264", _ => "mjpeg" };
        var file = codec == VideoCodec.Vp8 ? IvfFile(coded, 320, 240) : coded;
        var expected = await Ffmpeg.ConvertAsync(file, $"-f {format} -i pipe:0 -frames:v 1 -sws_flags bilinear+accurate_rnd+bitexact -pix_fmt rgb24 -f rawvideo pipe:1");
        using var decoder = new VideoKeyFrameDecoder();

        decoder.TryDecode(codec, coded, 640, out var picture, out var error).ShouldBeTrue(error);

        using (picture)
            picture.Rgb24.ToArray().ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Pictures_are_scaled_down_to_the_width_asked_for_and_never_up(VideoCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var coded = await KeyFrames.MakeAsync(codec, 3840, 2160);
        using var decoder = new VideoKeyFrameDecoder();

        foreach (var (maxWidth, width, height) in ((int, int, int)[])[(640, 640, 360), (333, 333, 187), (8192, 3840, 2160)])
        {
            decoder.TryDecode(codec, coded, maxWidth, out var picture, out var error).ShouldBeTrue(error);
            using (picture)
            {
                (picture.Width, picture.Height).ShouldBe((width, height));
                (picture.SourceWidth, picture.SourceHeight).ShouldBe((3840, 2160));
                picture.Rgb24.Length.ShouldBe(width * height * 3);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task A_key_frame_gives_the_same_bytes_whatever_was_decoded_before(VideoCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var wanted = await KeyFrames.MakeAsync(codec, 320, 240);
        using var fresh = new VideoKeyFrameDecoder();
        var alone = Decode(fresh, codec, wanted);
        using var used = new VideoKeyFrameDecoder();

        foreach (var other in (VideoCodec[])[VideoCodec.H264, VideoCodec.Vp8, VideoCodec.Jpeg])
        {
            Decode(used, other, await KeyFrames.MakeAsync(other, 176, 144));
            used.TryDecode(other, (await KeyFrames.MakeAsync(other, 176, 144)).AsSpan(0, 300), 640, out _, out _);
            Decode(used, codec, wanted).ShouldBe(alone);
        }
    }

    [Fact]
    public async Task Every_key_frame_of_a_stream_with_reordered_pictures_gives_one_picture()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var pictures = await CodedMedia.H264Async(
            "-f lavfi -i testsrc2=size=320x240:rate=10:duration=3", 10, keyFrameInterval: 10, "-preset veryfast -bf 3 -profile:v high");
        using var decoder = new VideoKeyFrameDecoder();

        var decoded = pictures.Count(picture => decoder.TryDecode(VideoCodec.H264, picture.Payload, 640, out var rgb, out _) && Returned(rgb));

        decoded.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Damage_is_told_and_the_next_picture_is_whole(VideoCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var coded = await KeyFrames.MakeAsync(codec, 320, 240);
        using var decoder = new VideoKeyFrameDecoder();
        var whole = Decode(decoder, codec, coded);
        var random = new Random(3 + (int)codec);

        for (var round = 0; round < 150; round++)
        {
            var mutated = coded.AsSpan(0, round % 3 == 0 ? random.Next(1, coded.Length) : coded.Length).ToArray();
            for (var change = random.Next(1, 40); change > 0; change--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);

            var understood = decoder.TryDecode(codec, mutated, 640, out var picture, out var error);

            (understood ? picture is not null : error is { Length: > 0 }).ShouldBeTrue();
            picture?.Dispose();
        }

        Decode(decoder, codec, coded).ShouldBe(whole);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Random_bytes_behind_a_right_beginning_never_crash(VideoCodec codec)
    {
        byte[] beginning = codec switch
        {
            VideoCodec.Vp8 => [0x10, 0x02, 0, 0x9D, 1, 0x2A, 64, 0, 48, 0],
            // Baseline SPS and PPS of 64x48, then an IDR slice header.
            VideoCodec.H264 => [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x0A, 0xDA, 0x10, 0xE8, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 1, 0x65, 0x88],
            _ => [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0],
        };
        var random = new Random(99);
        using var decoder = new VideoKeyFrameDecoder();
        for (var round = 0; round < 300; round++)
        {
            var payload = new byte[beginning.Length + random.Next(16, 600)];
            random.NextBytes(payload);
            beginning.CopyTo(payload, 0);

            if (decoder.TryDecode(codec, payload, 64, out var picture, out var error))
                picture.Dispose();
            else
                error.ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public void Sizes_over_8192_are_refused_before_decoding()
    {
        using var decoder = new VideoKeyFrameDecoder();
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0x20, 0x01, 0x20, 0x01, 1, 1, 0x11, 0, 0];
        byte[] vp8 = [0x10, 0, 0, 0x9D, 1, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F];

        decoder.TryDecode(VideoCodec.Jpeg, jpeg, 640, out _, out var jpegError).ShouldBeFalse();
        decoder.TryDecode(VideoCodec.Vp8, vp8, 640, out _, out var vp8Error).ShouldBeFalse();

        jpegError.ShouldBe("Picture of 8193x8193 pixels; at most 8192x8192 are decoded.");
        vp8Error.ShouldBe("Picture of 16383x16383 pixels; at most 8192x8192 are decoded.");
    }

    [Fact]
    public void A_jpeg_picture_of_endless_scans_is_refused_before_decoding()
    {
        using var decoder = new VideoKeyFrameDecoder();

        decoder.TryDecode(VideoCodec.Jpeg, Progressive(scanCount: 100), 640, out var picture, out var error).ShouldBeTrue(error);
        picture!.Dispose();
        decoder.TryDecode(VideoCodec.Jpeg, Progressive(scanCount: 101), 640, out _, out error).ShouldBeFalse();

        error.ShouldBe("JPEG picture of more than 100 scans.");
    }

    [Fact]
    public void What_only_looks_like_scans_is_not_counted()
    {
        byte[] alike = [.. Enumerable.Repeat((byte[])[0xFF, 0xDA], 1_000).SelectMany(scan => scan)];
        byte[] application = [0xFF, 0xE2, (byte)((alike.Length + 2) >> 8), (byte)(alike.Length + 2), .. alike];
        var whole = Progressive(scanCount: 2);
        using var decoder = new VideoKeyFrameDecoder();

        // A telephone's moving picture lies behind the end; previews lie in segments of applications.
        decoder.TryDecode(VideoCodec.Jpeg, [0xFF, 0xD8, .. application, .. whole.AsSpan(2), .. alike], 640, out var picture, out var error).ShouldBeTrue(error);

        picture!.Dispose();
        // Behind other markers a decoder goes on looking, and so do we.
        decoder.TryDecode(VideoCodec.Jpeg, [.. whole.AsSpan(..^2), 0xFF, 0xDC, 0xFF, 0x00, .. alike], 640, out _, out error).ShouldBeFalse();
        error.ShouldBe("JPEG picture of more than 100 scans.");
    }

    [Fact]
    public async Task Inter_frames_are_refused()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var pictures = await CodedMedia.Vp8Async("-f lavfi -i testsrc2=size=160x120:rate=10:duration=1");
        using var decoder = new VideoKeyFrameDecoder();

        decoder.TryDecode(VideoCodec.Vp8, pictures[1].Payload, 640, out var picture, out var error).ShouldBeFalse();

        picture.ShouldBeNull();
        error.ShouldBe("Not a key frame.");
    }

    [Fact]
    public async Task A_disposed_picture_gives_its_pixels_no_more()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var decoder = new VideoKeyFrameDecoder();
        decoder.TryDecode(VideoCodec.Jpeg, await KeyFrames.MakeAsync(VideoCodec.Jpeg, 64, 48), 640, out var picture, out _).ShouldBeTrue();

        picture.Dispose();
        picture.Dispose();

        Should.Throw<ObjectDisposedException>(() => picture.Rgb24);
    }

    [Fact]
    public async Task Real_interview_video_decodes_whole()
    {
        var clip = SharedTestData.TryFind("video", "hamilton_clip.mp4");
        Assert.SkipWhen(clip is null, SharedTestData.SkipReason);
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        using var decoder = new VideoKeyFrameDecoder();

        foreach (var (codec, pictures) in ((VideoCodec, IReadOnlyList<CodedPicture>)[])[
            (VideoCodec.Vp8, await CodedMedia.Vp8Async($"-i {clip}", 50)), (VideoCodec.H264, await CodedMedia.H264Async($"-i {clip}", 25, 50))])
        {
            foreach (var picture in pictures.Where((_, index) => index % 50 == 0))
                Decode(decoder, codec, picture.Payload).Length.ShouldBeGreaterThan(0);
        }
    }

    private static bool Returned(DecodedPicture picture)
    {
        picture.Dispose();
        return true;
    }

    private static byte[] Decode(VideoKeyFrameDecoder decoder, VideoCodec codec, ReadOnlySpan<byte> coded)
    {
        decoder.TryDecode(codec, coded, 640, out var picture, out var error).ShouldBeTrue(error);
        using (picture)
            return picture!.Rgb24.ToArray();
    }

    private static byte[] IvfFile(byte[] frame, short width, short height)
    {
        var file = new byte[32 + 12 + frame.Length];
        using var writer = new BinaryWriter(new MemoryStream(file));
        writer.Write("DKIF"u8);
        writer.Write((short)0);
        writer.Write((short)32);
        writer.Write("VP80"u8);
        writer.Write(width);
        writer.Write(height);
        writer.Write(10);
        writer.Write(1);
        writer.Write(1L);
        writer.Write(frame.Length);
        writer.Write(0L);
        writer.Write(frame);
        return file;
    }

    /// <summary>A grey picture of 64 x 64 pixels (ITU-T T.81, G): one scan with the mean of its blocks, the others without anything.</summary>
    private static byte[] Progressive(int scanCount)
    {
        byte[] head = [
            0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64), 0xFF, 0xC2, 0, 11, 8, 0, 64, 0, 64, 1, 1, 0x11, 0,
            // Huffman tables of one code each: a difference of nothing, and "the next 64 to 127 blocks end here".
            0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 0x00, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0x60];
        byte[] means = [0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 0, 0, .. new byte[8]];
        byte[] nothing = [0xFF, 0xDA, 0, 8, 1, 1, 0x00, 1, 63, 0, 0b_0_000000_1];
        return [.. head, .. means, .. Enumerable.Repeat(nothing, scanCount - 1).SelectMany(scan => scan), 0xFF, 0xD9];
    }
}
