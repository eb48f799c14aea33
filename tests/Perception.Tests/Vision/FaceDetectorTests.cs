using MediaScore.Inference;
using MediaScore.Perception.Vision;

namespace MediaScore.Perception.Tests.Vision;

public sealed class FaceDetectorTests : IAsyncDisposable
{
    private readonly Lazy<FaceModels> _models = new(() => new FaceModels());

    public static TheoryData<FaceDetectorKind> Kinds => [FaceDetectorKind.BlazeFace, FaceDetectorKind.Rfb320];

    public async ValueTask DisposeAsync()
    {
        if (_models.IsValueCreated)
            await _models.Value.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_astronauts_face_is_found_where_it_is(FaceDetectorKind kind)
    {
        var face = (await DetectAsync(kind, await FaceModels.AstronautAsync())).ShouldHaveSingleItem();

        // Her face spans about 160 to 285 across and 60 to 200 down of 512 pixels.
        face.Box.Center.X.ShouldBe(222 / 512.0, 0.03);
        face.Box.Center.Y.ShouldBe(125 / 512.0, 0.06);
        face.Box.Width.ShouldBe(0.21, 0.06);
        face.Score.ShouldBeInRange(0.55, 1);
    }

    [Fact]
    public async Task Landmarks_lie_on_eyes_nose_and_mouth()
    {
        var face = (await DetectAsync(FaceDetectorKind.BlazeFace, await FaceModels.AstronautAsync())).ShouldHaveSingleItem();

        // Read off the picture under a grid.
        (double X, double Y)[] seen = [(202, 100), (247, 102), (222, 125), (223, 146)];
        foreach (var (landmark, (x, y)) in face.Landmarks.Zip(seen))
        {
            (landmark.X * 512).ShouldBe(x, 6);
            (landmark.Y * 512).ShouldBe(y, 6);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_same_face_is_found_in_wide_tall_large_and_small_pictures(FaceDetectorKind kind)
    {
        foreach (var (filter, centerX, centerY) in ((string, double, double)[])[
            ("scale=360:360,pad=640:360:0:0:gray", 222 / 512.0 * 360 / 640, 125 / 512.0),
            ("scale=360:360,pad=640:360:280:0:gray", ((222 / 512.0 * 360) + 280) / 640, 125 / 512.0),
            ("pad=512:900:0:388:gray", 222 / 512.0, (125 + 388) / 900.0),
            ("scale=2048:2048", 222 / 512.0, 125 / 512.0),
            ("scale=150:150", 222 / 512.0, 125 / 512.0)])
        {
            var face = (await DetectAsync(kind, await FaceModels.AstronautAsync(filter))).ShouldHaveSingleItem(filter);

            face.Box.Center.X.ShouldBe(centerX, 0.04, filter);
            face.Box.Center.Y.ShouldBe(centerY, 0.06, filter);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Pictures_without_a_face_have_none(FaceDetectorKind kind)
    {
        var noise = new byte[640 * 360 * 3];
        new Random(8).NextBytes(noise);

        (await DetectAsync(kind, new RgbPicture(new byte[640 * 360 * 3], 640, 360))).ShouldBeEmpty();
        (await DetectAsync(kind, new RgbPicture(noise, 640, 360))).ShouldBeEmpty();
        (await DetectAsync(kind, new RgbPicture(new byte[] { 1, 2, 3 }, 1, 1))).ShouldBeEmpty();
        // Her flag and rocket alone.
        (await DetectAsync(kind, await FaceModels.AstronautAsync("crop=512:290:0:222"))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_talking_head_has_exactly_one_face_in_every_frame(FaceDetectorKind kind)
    {
        foreach (var video in (string[])["grid_bbaf2n.mpg", "grid_brbk7n.mpg", "grid_lrwp9a.mpg", "grid_lwbsza.mpg", "grid_sbwe5n.mpg"])
        {
            foreach (var frame in await FaceModels.FramesAsync(video, "fps=2"))
                (await DetectAsync(kind, frame)).ShouldHaveSingleItem(video);
        }
    }

    [Theory]
    [InlineData("group/vladmandic_group-2.jpg", 3)]
    [InlineData("group/vladmandic_group-6.jpg", 3)]
    [InlineData("group/vladmandic_group-7.jpg", 4)]
    public async Task Every_face_of_a_group_is_counted_largest_first(string photo, int expected)
    {
        foreach (var kind in (FaceDetectorKind[])[FaceDetectorKind.BlazeFace, FaceDetectorKind.Rfb320])
        {
            var faces = await DetectAsync(kind, await FaceModels.PhotoAsync(photo));

            faces.Count.ShouldBe(expected);
            faces.Select(face => face.Box.Area).ShouldBeInOrder(SortDirection.Descending);
        }
    }

    private async Task<IReadOnlyList<DetectedFace>> DetectAsync(FaceDetectorKind kind, RgbPicture picture)
    {
        var models = _models.Value;
        var (outcome, faces) = await FaceDetector.Create(kind, models.Pool, models.Prepared).DetectAsync(picture, RequestClass.Deferred);
        outcome.ShouldBe(RunOutcome.Completed);
        return faces;
    }
}
