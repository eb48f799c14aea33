using MediaScore.Perception.Vision;

namespace MediaScore.Perception.Tests.Vision;

public class PictureSamplerTests
{
    private static readonly PixelEncoding Plain = PixelEncoding.Uniform(planar: false, 1, 0);

    [Fact]
    public void One_to_one_is_exact()
    {
        var picture = Random(17, 11);
        var target = new float[17 * 11 * 3];

        PictureSampler.Sample(picture, AffineMap.Stretch(17, 11, 17, 11), 17, 11, Plain, target);

        target.ShouldBe(picture.Rgb24.ToArray().Select(value => (float)value));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Shrinking_by_a_whole_factor_averages_the_pixels_that_each_output_covers(int factor)
    {
        var picture = Random(8 * factor, 6 * factor);
        var target = new float[8 * 6 * 3];

        PictureSampler.Sample(picture, AffineMap.Stretch(8, 6, picture.Width, picture.Height), 8, 6, Plain, target);

        for (var y = 0; y < 6; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                var sum = 0.0;
                for (var inner = 0; inner < factor * factor; inner++)
                    sum += picture.Rgb24.Span[((((y * factor) + (inner / factor)) * picture.Width) + (x * factor) + (inner % factor)) * 3];
                target[((y * 8) + x) * 3].ShouldBe((float)(sum / (factor * factor)), 0.51f);
            }
        }
    }

    [Fact]
    public void A_flat_picture_stays_flat_at_every_scale_and_edge()
    {
        var picture = new RgbPicture(Enumerable.Repeat((byte)77, 101 * 67 * 3).ToArray(), 101, 67);
        foreach (var (width, height) in ((int, int)[])[(320, 240), (101, 67), (50, 30), (33, 17), (7, 5), (1, 1)])
        {
            var target = new float[width * height * 3];

            PictureSampler.Sample(picture, AffineMap.Stretch(width, height, 101, 67), width, height, Plain, target);

            target.ShouldAllBe(value => Math.Abs(value - 77) < 0.001);
        }
    }

    [Fact]
    public void Outside_the_picture_is_black()
    {
        var picture = new RgbPicture(Enumerable.Repeat((byte)200, 20 * 10 * 3).ToArray(), 20, 10);
        var target = new float[20 * 20 * 3];

        // A letterbox: ten rows of picture, five of black above and below.
        PictureSampler.Sample(picture, AffineMap.Crop(10, 5, 20, 0, 20), 20, 20, PixelEncoding.Uniform(planar: false, 2 / 255.0, -1), target);

        target[0].ShouldBe(-1);
        target[(4 * 20 * 3) + 30].ShouldBe(-1);
        target[(5 * 20 * 3) + 30].ShouldBe((200 * 2 / 255f) - 1, 0.0001f);
        target[^1].ShouldBe(-1);
    }

    [Fact]
    public void Planes_are_standardised_by_channel()
    {
        var picture = new RgbPicture(new byte[] { 255, 128, 0 }, 1, 1);
        var target = new float[3];

        PictureSampler.Sample(
            picture, AffineMap.Stretch(1, 1, 1, 1), 1, 1, PixelEncoding.Standardised(planar: true, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)), target);

        target[0].ShouldBe((1 - 0.485f) / 0.229f, 0.0001f);
        target[1].ShouldBe(((128 / 255f) - 0.456f) / 0.224f, 0.0001f);
        target[2].ShouldBe(-0.406f / 0.225f, 0.0001f);
    }

    [Fact]
    public void Crops_anywhere_never_read_outside_the_picture()
    {
        var picture = Random(64, 48);
        var random = new Random(4);
        var target = new float[32 * 32 * 3];
        for (var round = 0; round < 3000; round++)
        {
            var map = AffineMap.Crop(
                random.Next(-200, 300), random.Next(-200, 300), Math.Pow(10, (random.NextDouble() * 4) - 1), random.NextDouble() * 7, 32, random.Next(2) == 0);

            PictureSampler.Sample(picture, map, 32, 32, Plain, target);

            foreach (var value in target)
                value.ShouldBeInRange(-0.001f, 255.001f);
        }
    }

    private static RgbPicture Random(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width).NextBytes(pixels);
        return new RgbPicture(pixels, width, height);
    }
}
