using MediaScore.Codecs.Video;
using MediaScore.Inference;
using MediaScore.Perception.Vision;
using MediaScore.Pipelines.Session;
using MediaScore.Pipelines.Video;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Video;

public class VideoPipelineTests
{
    private const Modality Everything = Modality.Video | Modality.FacePresence | Modality.Gaze;
    private const string Sharp = "-f lavfi -i testsrc2=size=320x240:rate=1:duration=1";
    private const string Black = "-f lavfi -i color=black:size=320x240:rate=1:duration=1";

    [Fact]
    public async Task The_first_key_frame_at_or_after_each_point_of_the_grid_is_looked_at()
    {
        var picture = await JpegAsync(Sharp);
        double[] times = [0.3, 0.9, 1.9, 2.0, 2.4, 4.7, 5.3, 5.9, 6.1, 11.5, 11.9, 12.0];

        var observations = await RunAsync(times.Select(time => (time, picture)), new ScriptedFaces(_ => 1));

        observations.OfType<PictureSample>().Select(sample => sample.Range.Start.TotalSeconds).ShouldBe([0.3, 2.0, 4.7, 6.1, 11.5, 12.0]);
        observations.OfType<FaceSample>().Select(sample => sample.Range.Start.TotalSeconds).ShouldBe([0.3, 5.3, 11.5]);
        observations.Select(observation => observation.Range.Start).ShouldBeInOrder();
        var sample = observations.OfType<PictureSample>().First();
        (sample.Width, sample.Height, sample.Verdict).ShouldBe((320, 240, QualityVerdict.Good));
    }

    [Fact]
    public async Task What_is_not_permitted_is_not_constructed()
    {
        var analyzer = new FaceAnalyzer(null!, null!, new FaceAnalysisOptions());

        await using var pictures = new VideoPipeline(Context(new ObservationList(), Modality.Video, analyzer));
        await using var presence = new VideoPipeline(Context(new ObservationList(), Modality.Video | Modality.FacePresence, analyzer));
        await using var gaze = new VideoPipeline(Context(new ObservationList(), Everything, analyzer));
        await using var gazeWithoutPresence = new VideoPipeline(Context(new ObservationList(), Modality.Video | Modality.Gaze, analyzer));

        pictures.Faces.ShouldBeNull();
        gazeWithoutPresence.Faces.ShouldBeNull();
        presence.Faces.ShouldBeOfType<FaceExaminer>().Wanted.ShouldBe(FaceFeatures.Presence);
        gaze.Faces.ShouldBeOfType<FaceExaminer>().Wanted.ShouldBe(FaceFeatures.Presence | FaceFeatures.Pose | FaceFeatures.Gaze);
        Should.Throw<ArgumentException>(() => new VideoPipeline(Context(new ObservationList(), Modality.Audio | Modality.FacePresence, analyzer)));
    }

    [Fact]
    public async Task No_face_is_looked_for_in_the_dark_and_the_candidate_is_told_once()
    {
        var black = await JpegAsync(Black);
        var faces = new ScriptedFaces(_ => 0);

        var observations = await RunAsync(Enumerable.Range(0, 12).Select(i => (i * 2.0, black)), faces);

        faces.CallCount.ShouldBe(0);
        observations.OfType<FaceSample>().ShouldBeEmpty();
        observations.OfType<FrameSkipped>().Count().ShouldBe(5);
        observations.OfType<FrameSkipped>().ShouldAllBe(skipped => skipped.Reason.Contains("too dark"));
        observations.OfType<PictureSample>().ShouldAllBe(sample => sample.Verdict == QualityVerdict.Unusable);
        observations.OfType<QualityWarning>().ShouldHaveSingleItem().ShouldBe(
            new QualityWarning(new MediaRange(MediaTime.Zero, MediaTime.FromSeconds(4)), WarningKind.Dark));
    }

    [Fact]
    public async Task An_absent_candidate_and_company_are_told_once_an_episode()
    {
        var picture = await JpegAsync(Sharp);

        // Alone, away from 20 s, alone again from 40 s, with somebody from 60 s on.
        var faces = new ScriptedFaces(time => time switch { < 20 => 1, < 40 => 0, < 60 => 1, _ => 2 });
        var observations = await RunAsync(Enumerable.Range(0, 17).Select(i => (i * 5.0, picture)), faces);

        observations.OfType<QualityWarning>().ShouldBe(
        [
            new QualityWarning(new MediaRange(MediaTime.FromSeconds(20), MediaTime.FromSeconds(25)), WarningKind.NoFace),
            new QualityWarning(new MediaRange(MediaTime.FromSeconds(60), MediaTime.FromSeconds(65)), WarningKind.SeveralFaces),
        ]);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_decoded_is_stated_with_the_reason_and_harms_no_other()
    {
        var picture = await JpegAsync(Sharp);

        var observations = await RunAsync([(0, picture), (2, [1, 2, 3]), (4, [.. picture.Take(100)]), (6, picture)], new ScriptedFaces(_ => 1));

        observations.OfType<FrameSkipped>().Select(skipped => skipped.Range.Start.TotalSeconds).ShouldBe([2, 4]);
        observations.OfType<FrameSkipped>().ShouldAllBe(skipped => skipped.Reason.StartsWith("undecodable: "));
        observations.OfType<PictureSample>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_face_model_that_fails_skips_one_frame()
    {
        var picture = await JpegAsync(Sharp);

        var observations = await RunAsync([(0, picture), (5, picture)], new ScriptedFaces(_ => 1) { Failure = new InferenceFailedException("blazeface", "no luck") });

        observations.OfType<FrameSkipped>().Count().ShouldBe(2);
        observations.OfType<PictureSample>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Missing_face_models_are_stated_once()
    {
        var picture = await JpegAsync(Sharp);

        var observations = await RunAsync([(1, picture), (6, picture)], faces: null);

        observations[0].ShouldBe(new NotAnalysed(MediaRange.At(MediaTime.FromSeconds(1)), Modality.FacePresence, "no face models"));
        observations.OfType<NotAnalysed>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task After_a_crash_nothing_is_said_twice_and_no_known_face_is_looked_for_again(int durableCount)
    {
        var picture = await JpegAsync(Sharp);
        var frames = Enumerable.Range(0, 10).Select(i => (i * 2.5, picture)).ToList();
        var undisturbed = await RunAsync(frames, new ScriptedFaces(_ => 2));
        var durable = undisturbed.Take(durableCount).ToList();
        var faces = new ScriptedFaces(_ => 2);

        var added = await RunAsync(frames, faces, new KnownObservations(durable));

        durable.Concat(added).ShouldBe(undisturbed);
        faces.CallCount.ShouldBe(5 - durable.OfType<FaceSample>().Count());
    }

    [Theory]
    [InlineData(0b0000000000)]
    [InlineData(0b0000110000)]
    [InlineData(0b0101010101)]
    [InlineData(0b1111111111)]
    public async Task Samples_that_gave_way_are_filled_by_a_second_pass_and_what_was_said_live_stands(int givesWay)
    {
        var picture = await JpegAsync(Sharp);
        var frames = Enumerable.Range(0, 10).Select(i => (i * 5.0, picture)).ToList();
        int[] faceCounts = [1, 0, 0, 0, 1, 1, 2, 2, 0, 0];
        var undisturbed = await RunAsync(frames, new ScriptedFaces(CountAt));

        var live = await RunAsync(frames, new ScriptedFaces(CountAt) { GivesWayAt = time => ((givesWay >> (int)(time / 5)) & 1) != 0 });
        var filled = await RunAsync(frames, new ScriptedFaces(CountAt), new KnownObservations(live), RequestClass.Deferred);

        live.OfType<FrameSkipped>().Count().ShouldBe(int.PopCount(givesWay));
        MissedEvidence.In(live).ShouldBe(givesWay != 0 ? MissedTracks.Video : MissedTracks.None);
        MissedEvidence.In([.. live, .. filled]).ShouldBe(MissedTracks.None);
        live.Concat(filled).Where(o => o is not FrameSkipped).ShouldBe(undisturbed, ignoreOrder: true);

        int CountAt(double time) => faceCounts[(int)(time / 5)];
    }

    [Fact]
    public async Task A_sink_that_fails_ends_the_pipeline_with_its_fault()
    {
        var picture = await JpegAsync(Sharp);
        await using var pipeline = new VideoPipeline(Context(new ObservationList { FailAfter = 0 }, Modality.Video));

        await Should.ThrowAsync<IOException>(async () =>
        {
            for (var i = 0; i < 100; i++)
                await pipeline.PushKeyFrameAsync(MediaTime.FromSeconds(2 * i), VideoCodec.Jpeg, picture, RequestClass.Live);
        });
        await Should.ThrowAsync<IOException>(() => pipeline.CompleteAsync());
    }

    private static Task<byte[]> JpegAsync(string input)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, "Needs ffmpeg.");
        return CodedMedia.JpegAsync(input);
    }

    private static VideoPipelineContext Context(IObservationSink sink, Modality permitted, FaceAnalyzer? faces = null, KnownObservations? known = null) =>
        new("i-1", permitted, faces, null, sink, new VideoPipelineOptions(), known ?? KnownObservations.None);

    private static async Task<IReadOnlyList<Observation>> RunAsync(
        IEnumerable<(double Seconds, byte[] Payload)> frames, IFaceExaminer? faces, KnownObservations? known = null, RequestClass requestClass = RequestClass.Live)
    {
        var list = new ObservationList();
        await using var pipeline = new VideoPipeline(Context(list, Everything, known: known), faces);
        foreach (var (seconds, payload) in frames)
            await pipeline.PushKeyFrameAsync(MediaTime.FromSeconds(seconds), VideoCodec.Jpeg, payload, requestClass);
        await pipeline.CompleteAsync();
        return list.All;
    }
}
