using MediaScore.Perception.Vision;

namespace MediaScore.Perception.Tests.Vision;

public sealed class FaceQualityTests
{
    // The astronaut's face and landmarks as read off the picture under a grid, so that no detector has a say.
    private static readonly FaceRectangle Box = new(160 / 512.0, 60 / 512.0, 285 / 512.0, 200 / 512.0);
    private static readonly FacePoint RightEye = new(202 / 512.0, 100 / 512.0);
    private static readonly FacePoint LeftEye = new(247 / 512.0, 102 / 512.0);
    private static readonly FacePoint Nose = new(222 / 512.0, 125 / 512.0);
    private static readonly DetectedFace Face = new(Box, 1, [RightEye, LeftEye, Nose]);

    // GalleryOptions.LeastQuality: what an enrolment takes.
    private const double EnoughForEnrolment = 0.5;

    [Fact]
    public async Task A_sharp_face_in_good_light_that_looks_at_the_camera_can_be_enrolled()
    {
        var quality = FaceQuality.Measure(await FaceModels.AstronautAsync(), Face);

        quality.Worth.ShouldBeInRange(EnoughForEnrolment, 1, quality.ToString());
        quality.SizePixels.ShouldBe(125, 0.001);
        quality.Frontality.ShouldNotBeNull().ShouldBeInRange(0.9, 1);
    }

    [Theory]
    [InlineData("gblur=10", FaceFault.Blurred, "not sharp: hold still, or clean the camera")]
    [InlineData("lutrgb=r=val*0.1:g=val*0.1:b=val*0.1", FaceFault.Dark, "too dark")]
    [InlineData("lutrgb=r=clip(val*5\\,0\\,255):g=clip(val*5\\,0\\,255):b=clip(val*5\\,0\\,255)", FaceFault.Overexposed, "too bright")]
    [InlineData("scale=64:64", FaceFault.TooFar, "come closer")]
    public async Task A_spoilt_picture_is_worth_less_and_says_what_to_do(string filter, FaceFault fault, string advice)
    {
        var whole = FaceQuality.Measure(await FaceModels.AstronautAsync(), Face);

        var spoilt = FaceQuality.Measure(await FaceModels.AstronautAsync(filter), Face);

        (spoilt.Fault, spoilt.Describe()).ShouldBe((fault, advice), spoilt.ToString());
        spoilt.Worth.ShouldBeLessThan(Math.Min(whole.Worth, EnoughForEnrolment), spoilt.ToString());
    }

    [Theory]
    [InlineData(250.0)] // Beside the left eye: a profile.
    [InlineData(200.0)]
    public async Task A_face_turned_to_either_side_is_asked_to_look_at_the_camera(double noseX)
    {
        var turned = new DetectedFace(Box, 1, [RightEye, LeftEye, new FacePoint(noseX / 512, 125 / 512.0)]);

        var quality = FaceQuality.Measure(await FaceModels.AstronautAsync(), turned);

        (quality.Fault, quality.Describe()).ShouldBe((FaceFault.TurnedAway, "look at the camera"), quality.ToString());
        quality.Worth.ShouldBe(0);
    }

    [Fact]
    public async Task A_face_that_the_picture_cuts_is_asked_into_the_middle()
    {
        // Her left half alone.
        var picture = await FaceModels.AstronautAsync("crop=280:300:222:0");
        var face = new DetectedFace(new FaceRectangle(0, 60 / 300.0, 63 / 280.0, 200 / 300.0), 1, []);

        var quality = FaceQuality.Measure(picture, face);

        quality.Worth.ShouldBeLessThan(EnoughForEnrolment);
        quality.Fault.ShouldBe(FaceFault.AtEdge, quality.ToString());
        quality.Describe().ShouldBe("step into the middle");
    }

    [Fact]
    public async Task A_dim_face_loses_worth_for_the_dark_and_not_for_sharpness_that_it_has()
    {
        var dim = FaceQuality.Measure(await FaceModels.AstronautAsync("lutrgb=r=val*0.15:g=val*0.15:b=val*0.15"), Face);

        dim.Fault.ShouldBe(FaceFault.Dark, dim.ToString());
    }

    [Fact]
    public async Task Without_landmarks_nothing_is_said_of_where_a_face_is_turned()
    {
        var picture = await FaceModels.AstronautAsync();

        var quality = FaceQuality.Measure(picture, new DetectedFace(Box, 1, []));

        quality.Frontality.ShouldBeNull();
        quality.Worth.ShouldBe(FaceQuality.Measure(picture, Face).Worth);
    }

    [Fact]
    public void Every_fault_has_its_own_words_and_no_fault_has_none()
    {
        var words = Enum.GetValues<FaceFault>().Where(fault => fault != FaceFault.None).Select(fault => new FaceQuality(0.2, fault, 50, 0.4, 30, null).Describe()).ToList();

        words.ShouldAllBe(text => text.Length > 0);
        words.ShouldBeUnique();
        new FaceQuality(1, FaceFault.None, 120, 0.4, 60, 1).Describe().ShouldBeEmpty();
    }

    [Fact]
    public void A_flat_gray_surface_is_not_sharp()
    {
        var gray = new RgbPicture(Enumerable.Repeat((byte)128, 512 * 512 * 3).ToArray(), 512, 512);

        var quality = FaceQuality.Measure(gray, Face);

        (quality.Worth, quality.Fault).ShouldBe((0.0, FaceFault.Blurred));
        quality.Brightness.ShouldBe(128 / 255.0, 0.001);
    }

    [Fact]
    public void A_face_of_no_size_is_worth_nothing_and_breaks_nothing()
    {
        var quality = FaceQuality.Measure(new RgbPicture(new byte[] { 90, 90, 90 }, 1, 1), new DetectedFace(new FaceRectangle(0.5, 0.5, 0.5, 0.5), 1, []));

        (quality.Worth, quality.Fault).ShouldBe((0.0, FaceFault.TooFar));
    }
}
