using MediaScore.Perception.Vision;

namespace MediaScore.Perception.Tests.Vision;

public class PictureQualityTests
{
    [Theory]
    [InlineData(4, PictureVerdict.Unusable, PictureFault.Dark)]
    [InlineData(15, PictureVerdict.Unusable, PictureFault.Dark)]
    [InlineData(128, PictureVerdict.Unusable, PictureFault.Blurred)]
    [InlineData(230, PictureVerdict.Unusable, PictureFault.Overexposed)]
    public void Flat_pictures_are_judged_by_their_light_and_have_no_sharpness(byte value, PictureVerdict verdict, PictureFault fault)
    {
        var quality = PictureQuality.Measure(new RgbPicture(Enumerable.Repeat(value, 640 * 360 * 3).ToArray(), 640, 360));

        quality.Brightness.ShouldBe(value / 255.0, 0.001);
        quality.Sharpness.ShouldBe(0, 0.001);
        (quality.Verdict, quality.Fault).ShouldBe((verdict, fault));
    }

    [Fact]
    public void The_Laplacian_of_a_chessboard_has_its_known_variance()
    {
        // Luma alternates between 0 and 100: the Laplacian is +-400 inside, of mean 0.
        var pixels = new byte[320 * 200 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((((i / 3) % 320) + (i / 960)) % 2 * 100);

        PictureQuality.Measure(new RgbPicture(pixels, 320, 200)).Sharpness.ShouldBe(160_000, 1);
    }

    [Fact]
    public async Task Sharpness_does_not_depend_on_the_size_of_the_picture()
    {
        var small = PictureQuality.Measure(await FaceModels.AstronautAsync("scale=320:320:flags=area"));
        var large = PictureQuality.Measure(await FaceModels.AstronautAsync("scale=1280:1280:flags=bicubic"));

        (large.Sharpness / small.Sharpness).ShouldBeInRange(0.5, 2);
        large.Brightness.ShouldBe(small.Brightness, 0.01);
    }

    [Theory]
    [InlineData("null", PictureVerdict.Good, PictureFault.None)]
    [InlineData("gblur=3", PictureVerdict.Good, PictureFault.None)]
    [InlineData("gblur=6", PictureVerdict.Poor, PictureFault.Blurred)]
    [InlineData("gblur=10", PictureVerdict.Unusable, PictureFault.Blurred)]
    [InlineData("lutrgb=r=val*0.15:g=val*0.15:b=val*0.15", PictureVerdict.Poor, PictureFault.Dark)]
    [InlineData("lutrgb=r=val*0.03:g=val*0.03:b=val*0.03", PictureVerdict.Unusable, PictureFault.Dark)]
    [InlineData("lutrgb=r=clip(val*5\\,0\\,255):g=clip(val*5\\,0\\,255):b=clip(val*5\\,0\\,255)", PictureVerdict.Poor, PictureFault.Overexposed)]
    public async Task A_real_portrait_is_judged_by_what_was_done_to_it(string filter, PictureVerdict verdict, PictureFault fault)
    {
        var quality = PictureQuality.Measure(await FaceModels.AstronautAsync(filter));

        (quality.Verdict, quality.Fault).ShouldBe((verdict, fault), quality.ToString());
    }

    [Fact]
    public void Tiny_pictures_are_measured_too()
    {
        var quality = PictureQuality.Measure(new RgbPicture(new byte[] { 90, 90, 90 }, 1, 1));

        quality.Brightness.ShouldBe(90 / 255.0, 0.001);
        quality.Sharpness.ShouldBe(0);
    }
}
