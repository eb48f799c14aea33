using MediaScore.Inference;
using MediaScore.Perception.Vision;
using MediaScore.TestMedia;

namespace MediaScore.Perception.Tests.Vision;

public sealed class FaceAnalyzerTests : IAsyncDisposable
{
    private const FaceFeatures Everything = FaceFeatures.Presence | FaceFeatures.Pose | FaceFeatures.Gaze | FaceFeatures.Identity | FaceFeatures.Liveness;

    private readonly Lazy<FaceModels> _models = new(() => new FaceModels());

    public async ValueTask DisposeAsync()
    {
        if (_models.IsValueCreated)
            await _models.Value.DisposeAsync();
    }

    [Theory]
    [InlineData(FaceFeatures.Presence, "blazeface")]
    [InlineData(FaceFeatures.Presence | FaceFeatures.Pose, "blazeface,head-pose")]
    [InlineData(FaceFeatures.Presence | FaceFeatures.Pose | FaceFeatures.Gaze, "blazeface,face-mesh,head-pose,iris")]
    [InlineData(FaceFeatures.Presence | FaceFeatures.Identity, "blazeface,face-embedder,face-mesh")]
    [InlineData(FaceFeatures.Presence | FaceFeatures.Liveness, "blazeface,face-liveness")]
    public async Task A_model_that_no_wanted_feature_needs_is_never_loaded(FaceFeatures wanted, string expected)
    {
        var analyzer = _models.Value.Analyzer();
        _models.Value.LoadedModels.ShouldBeEmpty();

        await analyzer.AnalyzeAsync(await FaceModels.AstronautAsync(), wanted, RequestClass.Deferred);

        string.Join(',', _models.Value.LoadedModels).ShouldBe(expected);
        string.Join(',', analyzer.ModelsOf(wanted).Select(model => model.Id).Order()).ShouldBe(expected);
        analyzer.ModelsOf(wanted).ShouldAllBe(model => model.Version.Length > 0);
    }

    [Fact]
    public async Task What_is_not_asked_is_not_answered()
    {
        var analyzer = _models.Value.Analyzer();

        var analysis = await analyzer.AnalyzeAsync(await FaceModels.AstronautAsync(), FaceFeatures.Presence, RequestClass.Deferred);

        analysis.Main.ShouldNotBeNull();
        analysis.Pose.ShouldBeNull();
        analysis.Gaze.ShouldBeNull();
        analysis.LooksAtCamera.ShouldBeNull();
        analysis.LiveProbability.ShouldBeNull();
        analysis.Embedding.Length.ShouldBe(0);
        await Should.ThrowAsync<ArgumentException>(async () => await analyzer.AnalyzeAsync(await FaceModels.AstronautAsync(), FaceFeatures.None, RequestClass.Deferred));
    }

    [Fact]
    public async Task The_astronaut_looks_at_the_camera()
    {
        var analysis = await AnalyzeAsync(await FaceModels.AstronautAsync());

        analysis.Outcome.ShouldBe(RunOutcome.Completed);
        analysis.LooksAtCamera.ShouldBe(true, $"{analysis.Pose} {analysis.Gaze}");
        analysis.Embedding.Length.ShouldBe(FaceEmbedder.Dimensions);
    }

    [Fact]
    public async Task A_mirror_turns_left_into_right_and_leaves_up()
    {
        var straight = await AnalyzeAsync(await FaceModels.AstronautAsync("rotate=0.2:ow=iw:oh=ih"));
        var mirrored = await AnalyzeAsync(await FaceModels.AstronautAsync("rotate=0.2:ow=iw:oh=ih,hflip"));

        // The model is good to about five degrees, twice.
        mirrored.Pose!.Value.YawDegrees.ShouldBe(-straight.Pose!.Value.YawDegrees, 10);
        mirrored.Pose.Value.RollDegrees.ShouldBe(-straight.Pose.Value.RollDegrees, 5);
        mirrored.Pose.Value.PitchDegrees.ShouldBe(straight.Pose.Value.PitchDegrees, 5);
        mirrored.Gaze!.Value.OffsetLeft.ShouldBe(-straight.Gaze!.Value.OffsetLeft, 0.05);
        mirrored.Gaze.Value.OffsetUp.ShouldBe(straight.Gaze.Value.OffsetUp, 0.06);
    }

    [Theory]
    [InlineData(-0.3)]
    [InlineData(0.3)]
    public async Task Turning_the_picture_clockwise_tilts_the_head_to_its_left_shoulder(double radians)
    {
        var upright = await AnalyzeAsync(await FaceModels.AstronautAsync());

        var turned = await AnalyzeAsync(await FaceModels.AstronautAsync(FormattableString.Invariant($"rotate={radians}:ow=iw:oh=ih")));

        var difference = turned.Pose!.Value.RollDegrees - upright.Pose!.Value.RollDegrees;
        difference.ShouldBe(radians * 180 / Math.PI, 7);
    }

    [Fact]
    public async Task Yaw_grows_to_the_persons_left_and_pitch_upwards()
    {
        var yaw = new List<(double Pose, double Nose)>();
        var pitch = new List<(double Pose, double Nose)>();
        foreach (var person in (string[])["Arnold_Schwarzenegger", "Colin_Powell", "Vladimir_Putin"])
        {
            for (var number = 1; number <= 10; number++)
            {
                var picture = FaceModels.ToRgb(PixelPicture.FromJpeg(await FaceModels.PhotoBytesAsync($"lfw10/{person}/{person}_{number:0000}.jpg")));
                var analysis = await AnalyzeAsync(picture, FaceFeatures.Pose);
                var (right, left, nose, mouth) = (analysis.Main!.Landmarks[0], analysis.Main.Landmarks[1], analysis.Main.Landmarks[2], analysis.Main.Landmarks[3]);
                // A head turned to its left brings the nose nearer to the left eye, which is right in the picture; raised, nearer to the eyes than to the mouth.
                yaw.Add((analysis.Pose!.Value.YawDegrees, (nose.X - ((right.X + left.X) / 2)) / (left.X - right.X)));
                pitch.Add((analysis.Pose.Value.PitchDegrees, ((right.Y + left.Y) / 2 - nose.Y) / (mouth.Y - ((right.Y + left.Y) / 2))));
            }
        }

        Correlation(yaw).ShouldBeGreaterThan(0.85);
        Correlation(pitch).ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public async Task People_who_talk_to_the_camera_look_at_it()
    {
        foreach (var video in (string[])["grid_bbaf2n.mpg", "grid_brbk7n.mpg", "grid_lrwp9a.mpg", "grid_lwbsza.mpg", "grid_sbwe5n.mpg"])
        {
            foreach (var frame in await FaceModels.FramesAsync(video, "fps=1"))
            {
                var analysis = await AnalyzeAsync(frame, Everything & ~FaceFeatures.Identity);

                analysis.Faces.Count.ShouldBe(1);
                analysis.LooksAtCamera.ShouldBe(true, $"{video}: {analysis.Pose} {analysis.Gaze}");
            }
        }
    }

    [Fact]
    public async Task A_stage_light_clip_has_faces_and_heads_turned_away()
    {
        var frames = await FaceModels.FramesAsync("hamilton_clip.mp4", "fps=1");

        var analyses = new List<FaceAnalysis>();
        foreach (var frame in frames)
            analyses.Add(await AnalyzeAsync(frame, Everything & ~FaceFeatures.Identity));

        // Seen by eye: a face in eight of ten frames, two at the end in profile.
        analyses.Count(analysis => analysis.Faces.Count > 0).ShouldBeInRange(7, 10);
        analyses.Count(analysis => analysis.Pose is { } pose && Math.Abs(pose.YawDegrees) > 45).ShouldBeInRange(1, 3);
        analyses.Where(analysis => analysis.Pose is { } pose && Math.Abs(pose.YawDegrees) > 45).ShouldAllBe(analysis => analysis.LooksAtCamera != true);
    }

    [Fact]
    public async Task Answers_are_bit_equal_alone_and_among_others()
    {
        var analyzer = _models.Value.Analyzer();
        var pictures = new List<RgbPicture>();
        foreach (var filter in (string[])["null", "hflip", "scale=300:300", "gblur=2", "rotate=0.2:ow=iw:oh=ih", "crop=300:300:80:20"])
            pictures.Add(await FaceModels.AstronautAsync(filter));
        var alone = new List<FaceAnalysis>();
        foreach (var picture in pictures)
            alone.Add(await analyzer.AnalyzeAsync(picture, Everything, RequestClass.Deferred));

        var together = await Task.WhenAll(Enumerable.Range(0, 24).Select(index => analyzer.AnalyzeAsync(pictures[index % 6], Everything, RequestClass.Deferred).AsTask()));

        for (var i = 0; i < together.Length; i++)
        {
            var expected = alone[i % 6];
            (together[i].Pose, together[i].Gaze, together[i].LooksAtCamera, together[i].LiveProbability)
                .ShouldBe((expected.Pose, expected.Gaze, expected.LooksAtCamera, expected.LiveProbability));
            together[i].Main!.Box.ShouldBe(expected.Main!.Box);
            together[i].Main!.Landmarks.ShouldBe(expected.Main.Landmarks);
            together[i].Embedding.ToArray().ShouldBe(expected.Embedding.ToArray());
        }
    }

    [Fact]
    public async Task A_face_detected_before_gets_the_same_answers()
    {
        var analyzer = _models.Value.Analyzer();
        var picture = await FaceModels.AstronautAsync();
        var expected = await analyzer.AnalyzeAsync(picture, Everything, RequestClass.Deferred);

        var again = await analyzer.AnalyzeFaceAsync(picture, expected.Main!, Everything, RequestClass.Deferred);

        again.Main.ShouldBeSameAs(expected.Main);
        (again.Outcome, again.Pose, again.Gaze, again.LooksAtCamera, again.LiveProbability)
            .ShouldBe((RunOutcome.Completed, expected.Pose, expected.Gaze, expected.LooksAtCamera, expected.LiveProbability));
        again.LiveProbability.ShouldNotBeNull().ShouldBeInRange(0, 1);
        again.Embedding.Length.ShouldBe(FaceEmbedder.Dimensions);
        again.Embedding.ToArray().ShouldBe(expected.Embedding.ToArray());
    }

    [Fact]
    public async Task Of_several_faces_the_one_that_is_asked_for_is_looked_at()
    {
        var models = _models.Value;
        var analyzer = models.Analyzer();
        var embedder = new FaceEmbedder(models.Pool, models.Prepared);
        var picture = await FaceModels.PhotoAsync("group/vladmandic_group-2.jpg");
        var faces = (await analyzer.AnalyzeAsync(picture, FaceFeatures.Presence, RequestClass.Deferred)).Faces;

        foreach (var face in faces)
        {
            var analysis = await analyzer.AnalyzeFaceAsync(picture, face, FaceFeatures.Identity | FaceFeatures.Pose, RequestClass.Deferred);

            analysis.Faces.ShouldHaveSingleItem().ShouldBeSameAs(face);
            analysis.Pose.ShouldNotBeNull();
            var (_, expected) = await embedder.EmbedAsync(picture, face, RequestClass.Deferred);
            analysis.Embedding.ToArray().ShouldBe(expected.ToArray());
        }

        faces.Count.ShouldBe(3);
    }

    private static double Correlation(List<(double X, double Y)> points)
    {
        var (meanX, meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        var covariance = points.Sum(point => (point.X - meanX) * (point.Y - meanY));
        return covariance / Math.Sqrt(points.Sum(point => Math.Pow(point.X - meanX, 2)) * points.Sum(point => Math.Pow(point.Y - meanY, 2)));
    }

    private ValueTask<FaceAnalysis> AnalyzeAsync(RgbPicture picture, FaceFeatures wanted = Everything) =>
        _models.Value.Analyzer().AnalyzeAsync(picture, wanted, RequestClass.Deferred);
}
