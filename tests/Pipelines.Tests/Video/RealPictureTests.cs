using MediaScore.Codecs.Video;
using MediaScore.Inference;
using MediaScore.Pipelines.Video;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Video;

[Collection(PreparedModelsTests.Name)]
public class RealPictureTests(PreparedModelsFixture models)
{
    [Fact]
    public async Task A_talking_head_is_one_face_that_is_turned_to_the_camera()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SharedTestData.TryFind("video", "grid_bbaf2n.mpg") is null, SharedTestData.SkipReason);
        var frames = await CodedMedia.Vp8Async($"-stream_loop 4 -i {SharedTestData.TryFind("video", "grid_bbaf2n.mpg")} -t 12 -r 10", keyFrameInterval: 10);

        var full = await RunAsync(frames, Modality.Video | Modality.FacePresence | Modality.Gaze);
        var again = await RunAsync(frames, Modality.Video | Modality.FacePresence | Modality.Gaze);
        var presence = await RunAsync(frames, Modality.Video | Modality.FacePresence);

        full.OfType<PictureSample>().Count().ShouldBe(6);
        full.OfType<QualityWarning>().ShouldBeEmpty();
        var samples = full.OfType<FaceSample>().ToList();
        samples.Count.ShouldBe(3);
        samples.ShouldAllBe(sample => sample.FaceCount == 1 && Math.Abs(sample.Main!.YawDegrees!.Value) < 20 && sample.Model != null && sample.Confidence > 0.5);
        again.ShouldBe(full);
        presence.OfType<FaceSample>().ShouldAllBe(sample => sample.FaceCount == 1 && sample.Main!.YawDegrees == null && sample.Main.LooksAtCamera == null);
    }

    private async Task<IReadOnlyList<Observation>> RunAsync(IEnumerable<CodedPicture> frames, Modality permitted)
    {
        var list = new ObservationList();
        await using var pipeline = new VideoPipeline(new VideoPipelineContext(
            "i-1", permitted, models.Faces, null, list, new VideoPipelineOptions(), KnownObservations.None));
        foreach (var frame in frames)
        {
            if (KeyFrameInspector.TryInspect(VideoCodec.Vp8, frame.Payload, out var info, out _) && info.IsKeyFrame)
                await pipeline.PushKeyFrameAsync(MediaTime.Zero + frame.Time, VideoCodec.Vp8, frame.Payload, RequestClass.Live);
        }

        await pipeline.CompleteAsync();
        return list.All;
    }
}
