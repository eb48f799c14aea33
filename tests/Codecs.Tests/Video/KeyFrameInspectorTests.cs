using MediaScore.Codecs.Video;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Video;

public class KeyFrameInspectorTests
{
    private const string Moving = "-f lavfi -i testsrc2=size=322x182:rate=10:duration=2";

    [Fact]
    public async Task Vp8_key_frames_and_their_size_are_found()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var pictures = await CodedMedia.Vp8Async(Moving, keyFrameInterval: 5);

        var found = pictures.Select(picture => Inspect(VideoCodec.Vp8, picture.Payload)).ToList();

        found.Count.ShouldBe(20);
        found.Index().Where(item => item.Item.IsKeyFrame).Select(item => item.Index).ShouldBe([0, 5, 10, 15]);
        found[5].ShouldBe(new KeyFrameInfo(true, 322, 182));
    }

    [Theory]
    [InlineData("-preset ultrafast -tune zerolatency", 322, 182)]
    [InlineData("-preset veryfast -profile:v high", 322, 182)]
    [InlineData("-preset ultrafast -tune zerolatency -x264-params interlaced=1 -vf scale=322:184", 322, 184)]
    [InlineData("-preset veryfast -x264-params cqm=jvt", 322, 182)]
    [InlineData("-preset ultrafast -vf scale=3840:2160", 3840, 2160)]
    public async Task H264_key_frames_and_their_size_are_found(string options, int width, int height)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var source = width > 1000 ? "-f lavfi -i testsrc2=size=322x182:rate=10:duration=0.3" : Moving;
        var pictures = await CodedMedia.H264Async(source, 10, keyFrameInterval: 10, options);

        var found = pictures.Select(picture => Inspect(VideoCodec.H264, picture.Payload)).ToList();

        found[0].ShouldBe(new KeyFrameInfo(true, width, height));
        found.Count(info => info.IsKeyFrame).ShouldBe(width > 1000 ? 1 : 2);
        found.Count.ShouldBe(width > 1000 ? 3 : 20);
    }

    [Theory]
    [InlineData("-pix_fmt yuv444p -profile:v high444")]
    [InlineData("-pix_fmt yuv422p -profile:v high422")]
    public async Task H264_sizes_are_right_for_other_chroma_formats(string options)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var stream = await Ffmpeg.MakeAsync($"{Moving} -frames:v 1 -c:v libx264 {options} -f h264 pipe:1");

        Inspect(VideoCodec.H264, stream).ShouldBe(new KeyFrameInfo(true, 322, 182));
    }

    [Theory]
    [InlineData("-pix_fmt yuvj420p")]
    [InlineData("-pix_fmt yuvj444p")]
    public async Task Jpeg_sizes_are_found(string options)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);

        Inspect(VideoCodec.Jpeg, await CodedMedia.JpegAsync(Moving, options)).ShouldBe(new KeyFrameInfo(true, 322, 182));
    }

    [Fact]
    public void Each_kind_of_damage_has_its_own_message()
    {
        Message(VideoCodec.Vp8, []).ShouldContain("3-byte tag");
        Message(VideoCodec.Vp8, [0x10, 0, 0, 0x9D, 1]).ShouldContain("10-byte header");
        Message(VideoCodec.Vp8, [0x10, 0, 0, 1, 2, 3, 16, 0, 16, 0]).ShouldContain("start code");
        Message(VideoCodec.Vp8, [0x10, 0xFF, 0, 0x9D, 1, 0x2A, 16, 0, 16, 0]).ShouldContain("first partition");
        Message(VideoCodec.Vp8, [0x10, 0, 0, 0x9D, 1, 0x2A, 0, 0, 16, 0]).ShouldContain("no size");
        Message(VideoCodec.H264, [0, 0, 0, 9, 0x65, 1, 2, 3]).ShouldContain("Annex B");
        Message(VideoCodec.H264, [0, 0, 1, 0x65, 1, 2, 3]).ShouldContain("SPS and PPS");
        Message(VideoCodec.H264, [0, 0, 1, 0x67, 0x42]).ShouldContain("parameter set that can't be read");
        Message(VideoCodec.Jpeg, [0x89, 0x50, 0x4E, 0x47]).ShouldContain("FF D8");
        Message(VideoCodec.Jpeg, [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF]).ShouldContain("frame header");
    }

    [Theory]
    [InlineData(VideoCodec.Vp8)]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Jpeg)]
    public async Task Mutated_key_frames_never_throw(VideoCodec codec)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var original = await KeyFrames.MakeAsync(codec, 64, 48);
        var random = new Random(7 + (int)codec);

        for (var round = 0; round < 20_000; round++)
        {
            var mutated = original.AsSpan(0, random.Next(0, original.Length + 1)).ToArray();
            for (var change = random.Next(1, 6); change > 0 && mutated.Length > 0; change--)
                mutated[random.Next(0, Math.Min(mutated.Length, 64))] = (byte)random.Next(256);

            var understood = KeyFrameInspector.TryInspect(codec, mutated, out var info, out var error);

            (understood == (error is null)).ShouldBeTrue();
            if (info.IsKeyFrame)
                (info.Width > 0 && info.Height > 0).ShouldBeTrue();
        }
    }

    private static KeyFrameInfo Inspect(VideoCodec codec, byte[] payload)
    {
        KeyFrameInspector.TryInspect(codec, payload, out var info, out var error).ShouldBeTrue(error);
        return info;
    }

    private static string Message(VideoCodec codec, byte[] payload)
    {
        KeyFrameInspector.TryInspect(codec, payload, out _, out var error).ShouldBeFalse();
        return error!;
    }
}
