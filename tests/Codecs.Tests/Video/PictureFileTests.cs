using System.Buffers.Binary;
using MediaScore.Codecs.Video;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Video;

/// <summary>Pictures that come as files: PNG, and which side is up.</summary>
public sealed class PictureFileTests
{
    // Red, green, blue and white, a quarter each: upper left, upper right, lower left, lower right.
    private const string Quarters = "-f lavfi -i color=red:s=32x16:r=1,drawbox=x=16:w=16:h=8:color=0x00ff00:t=fill,drawbox=y=8:w=16:h=8:color=blue:t=fill,drawbox=x=16:y=8:w=16:h=8:color=white:t=fill -frames:v 1 -f image2pipe";

    [Theory]
    [InlineData("rgb24")]
    [InlineData("rgba")]
    [InlineData("gray")]
    [InlineData("rgb48be")]
    public async Task A_png_is_decoded_whatever_its_pixels(string format)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var png = await Ffmpeg.MakeAsync($"{Quarters} -c:v png -pix_fmt {format} pipe:1");

        using var picture = Decode(VideoCodec.Png, png);

        (picture.Width, picture.Height).ShouldBe((32, 16));
        if (format != "gray")
            QuartersOf(picture).ShouldBe("RGBW");
    }

    [Fact]
    public async Task Compressed_comments_of_a_png_are_never_unpacked_and_what_is_cut_is_said()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var png = await Ffmpeg.MakeAsync($"{Quarters} -c:v png -pix_fmt rgb24 pipe:1");
        // Between the header and the rest; its checksum is wrong, which a decoder that reads it would say.
        byte[] comment = [0, 0, 0, 4, .. "zTXt"u8, 1, 2, 3, 4, 0, 0, 0, 0];
        byte[] commented = [.. png[..33], .. comment, .. png[33..]];
        var target = new byte[commented.Length];

        var written = PngFile.CopyPicture(commented, target);
        using var picture = Decode(VideoCodec.Png, commented);
        using var decoder = new VideoKeyFrameDecoder();

        target.AsSpan(0, written).IndexOf("zTXt"u8).ShouldBe(-1);
        QuartersOf(picture).ShouldBe("RGBW");
        decoder.TryDecode(VideoCodec.Png, png.AsSpan(0, png.Length - 20), 640, out _, out var cut).ShouldBeFalse();
        cut.ShouldNotBeNull();
        decoder.TryDecode(VideoCodec.Png, png.AsSpan(0, 20), 640, out _, out cut).ShouldBeFalse();
        cut.ShouldContain("header");
    }

    [Fact]
    public async Task The_size_of_a_png_is_read_and_bounded_before_a_pixel_is_decoded()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var png = (await Ffmpeg.MakeAsync($"{Quarters} -c:v png -pix_fmt rgb24 pipe:1")).ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), 100_000);

        KeyFrameInspector.TryInspect(VideoCodec.Png, png, out var info, out _).ShouldBeTrue();
        using var decoder = new VideoKeyFrameDecoder();

        info.ShouldBe(new KeyFrameInfo(true, 100_000, 16));
        decoder.TryDecode(VideoCodec.Png, png, 640, out _, out var error).ShouldBeFalse();
        error.ShouldContain("100000x16");
    }

    // What the picture shows when a camera that was held so is put upright (Exif 2.32, 4.6.4).
    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public async Task A_picture_is_turned_as_its_camera_was_held(int orientation, string expected)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var jpeg = await Ffmpeg.MakeAsync($"{Quarters} -c:v mjpeg -q:v 1 -pix_fmt yuvj444p pipe:1");
        foreach (var isLittle in (bool[])[true, false])
        {
            var held = WithOrientation(jpeg, orientation, isLittle);

            PictureOrientation.OfJpeg(held).ShouldBe(orientation);
            using var picture = PictureOrientation.Apply(Decode(VideoCodec.Jpeg, held), orientation);

            (picture.Width, picture.Height).ShouldBe(orientation >= 5 ? (16, 32) : (32, 16));
            QuartersOf(picture).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task What_says_nothing_about_its_side_or_nonsense_is_upright()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var jpeg = await Ffmpeg.MakeAsync($"{Quarters} -c:v mjpeg -q:v 1 -pix_fmt yuvj444p pipe:1");
        var random = new Random(1);

        PictureOrientation.OfJpeg(jpeg).ShouldBe(1);
        PictureOrientation.OfJpeg([]).ShouldBe(1);
        PictureOrientation.OfJpeg(WithOrientation(jpeg, 9, isLittle: true)).ShouldBe(1);
        for (var turn = 0; turn < 5_000; turn++)
        {
            var mutated = WithOrientation(jpeg, 6, turn % 2 == 0);
            for (var change = 0; change < 3; change++)
                mutated[random.Next(40)] = (byte)random.Next(256);
            PictureOrientation.OfJpeg(mutated.AsSpan(0, random.Next(mutated.Length))).ShouldBeInRange(1, 8);
        }
    }

    private static byte[] WithOrientation(byte[] jpeg, int orientation, bool isLittle)
    {
        byte[] tiff = isLittle
            ? [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
            : [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(2 + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]];
    }

    private static DecodedPicture Decode(VideoCodec codec, byte[] file)
    {
        using var decoder = new VideoKeyFrameDecoder();
        decoder.TryDecode(codec, file, 640, out var picture, out var error).ShouldBeTrue(error);
        return picture!;
    }

    private static string QuartersOf(DecodedPicture picture) => string.Concat(
        from place in new[] { (1, 1), (3, 1), (1, 3), (3, 3) }
        let at = ((picture.Height * place.Item2 / 4 * picture.Width) + (picture.Width * place.Item1 / 4)) * 3
        select ColourOf(picture.Rgb24.Span.Slice(at, 3)));

    private static char ColourOf(ReadOnlySpan<byte> pixel) => (pixel[0] > 128, pixel[1] > 128, pixel[2] > 128) switch
    {
        (true, false, false) => 'R',
        (false, true, false) => 'G',
        (false, false, true) => 'B',
        (true, true, true) => 'W',
        _ => '?',
    };
}
