using MediaScore.Inference;
using MediaScore.Perception.Vision;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Perception.Tests.Vision;

public sealed class LivenessEstimatorTests : IAsyncDisposable
{
    private const int Side = 128;

    private static readonly string[] Filters = ["crop=300:300:80:20", "crop=300:300:80:20,hflip", "crop=300:300:80:20,gblur=2", "crop=260:260:100:10", "null"];

    private readonly Lazy<FaceModels> _models = new(() => new FaceModels());

    public async ValueTask DisposeAsync()
    {
        if (_models.IsValueCreated)
            await _models.Value.DisposeAsync();
    }

    [Fact]
    public async Task Answers_are_bit_equal_alone_and_among_others()
    {
        var estimator = Estimator();
        var faces = new List<(RgbPicture Picture, DetectedFace Face)>();
        foreach (var filter in Filters)
        {
            var picture = await FaceModels.AstronautAsync(filter);
            var (_, found) = await FaceDetector.Create(FaceDetectorKind.BlazeFace, _models.Value.Pool, _models.Value.Prepared).DetectAsync(picture, RequestClass.Deferred);
            faces.Add((picture, found[0]));
        }

        var alone = new List<double>();
        foreach (var (picture, face) in faces)
            alone.Add(await EstimateAsync(estimator, picture, face));

        var together = await Task.WhenAll(Enumerable.Range(0, 24).Select(index => EstimateAsync(estimator, faces[index % faces.Count].Picture, faces[index % faces.Count].Face)));

        alone.Distinct().Count().ShouldBeGreaterThan(1, "or the comparison would prove nothing");
        for (var i = 0; i < together.Length; i++)
            together[i].ShouldBe(alone[i % faces.Count]);
    }

    [Fact]
    public async Task The_model_sees_blue_first_and_values_as_they_are()
    {
        var estimator = Estimator();
        using var session = new InferenceSession(_models.Value.Prepared.Get("face-liveness").GraphPath);
        var redFirst = new List<double>();
        foreach (var filter in Filters)
        {
            // Of the size of the model's input, with a face that fills it: the crop is the picture, pixel by pixel.
            var picture = await FaceModels.AstronautAsync(filter + ",scale=128:128");

            var probability = await EstimateAsync(estimator, picture, new DetectedFace(new FaceRectangle(0.2, 0.2, 0.8, 0.8), 1, []));

            probability.ShouldBe(RunAsGiven(session, picture, [2, 1, 0]), 1e-4, filter);
            redFirst.Add(Math.Abs(probability - RunAsGiven(session, picture, [0, 1, 2])));
        }

        redFirst.Max().ShouldBeGreaterThan(1e-3, "the order of channels must matter, or nothing was proven");
    }

    [Theory]
    [InlineData(0.45, 0.4)]
    [InlineData(0.0, 0.4)]
    [InlineData(0.9, 0.4)]
    [InlineData(0.45, 0.0)]
    [InlineData(0.9, 0.8)]
    public void The_box_grows_to_2_7_times_its_size_and_stays_inside_the_picture(double left, double top)
    {
        // 64 x 72 pixels.
        var box = new FaceRectangle(left, top, left + 0.1, top + 0.2);

        var map = LivenessEstimator.CropOf(Black(640, 360), box);

        var (cropLeft, cropTop) = map.Apply(0, 0);
        var (cropRight, cropBottom) = map.Apply(Side, Side);
        (cropRight - cropLeft).ShouldBe(72 * 2.7, 0.001);
        (cropBottom - cropTop).ShouldBe(72 * 2.7, 0.001);
        cropLeft.ShouldBeInRange(-0.001, (box.Left * 640) + 0.001);
        cropTop.ShouldBeInRange(-0.001, (box.Top * 360) + 0.001);
        cropRight.ShouldBeInRange((box.Right * 640) - 0.001, 640.001);
        cropBottom.ShouldBeInRange((box.Bottom * 360) - 0.001, 360.001);
    }

    [Fact]
    public void A_face_that_leaves_no_room_to_grow_is_seen_in_the_largest_square_there_is()
    {
        var map = LivenessEstimator.CropOf(Black(640, 360), new FaceRectangle(0.2, 0.1, 0.8, 0.9));

        var (left, top) = map.Apply(0, 0);
        var (right, bottom) = map.Apply(Side, Side);
        left.ShouldBe(140, 0.001);
        top.ShouldBe(0, 0.001);
        right.ShouldBe(500, 0.001);
        bottom.ShouldBe(360, 0.001);
    }

    [Fact]
    public void A_face_away_from_the_edges_is_the_middle_of_its_crop()
    {
        var map = LivenessEstimator.CropOf(Black(640, 360), new FaceRectangle(0.5, 0.4, 0.6, 0.6));

        var (x, y) = map.Apply(Side / 2.0, Side / 2.0);
        x.ShouldBe(352, 0.001);
        y.ShouldBe(180, 0.001);
    }

    [Fact]
    public async Task A_picture_of_one_pixel_gets_an_answer_too()
    {
        var probability = await EstimateAsync(Estimator(), new RgbPicture(new byte[] { 9, 8, 7 }, 1, 1), new DetectedFace(new FaceRectangle(0, 0, 1, 1), 1, []));

        probability.ShouldBeInRange(0, 1);
    }

    private static RgbPicture Black(int width, int height) => new(new byte[width * height * 3], width, height);

    private static async Task<double> EstimateAsync(LivenessEstimator estimator, RgbPicture picture, DetectedFace face)
    {
        var (outcome, probability) = await estimator.EstimateAsync(picture, face, RequestClass.Deferred, TestContext.Current.CancellationToken);
        outcome.ShouldBe(RunOutcome.Completed);
        return probability;
    }

    /// <summary>The softmax of the first logit, through a session of our own.</summary>
    /// <param name="channels">The picture's channel of each of the model's planes.</param>
    private static double RunAsGiven(InferenceSession session, RgbPicture picture, int[] channels)
    {
        var pixels = picture.Rgb24.Span;
        var planes = new float[3 * Side * Side];
        for (var plane = 0; plane < 3; plane++)
        {
            for (var i = 0; i < Side * Side; i++)
                planes[(plane * Side * Side) + i] = pixels[(3 * i) + channels[plane]];
        }

        long[] shape = [1, 3, Side, Side];
        using var input = OrtValue.CreateTensorValueFromMemory(planes, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, ["input"], [input], ["output"]);
        var logits = results.Select(result => result.GetTensorDataAsSpan<float>().ToArray()).Single();
        return 1 / logits.Sum(logit => Math.Exp(logit - logits[0]));
    }

    private LivenessEstimator Estimator() => new(_models.Value.Pool, _models.Value.Prepared.Get("face-liveness"));
}
