using MediaScore.Perception.Vision;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>All that one interview's <see cref="VideoPipeline"/> works with.</summary>
/// <param name="InterviewId">For messages.</param>
/// <param name="Permitted">Must hold <see cref="Modality.Video"/>. Without <see cref="Modality.FacePresence"/> no face is looked for; without <see cref="Modality.Gaze"/> no head pose and no eyes.</param>
/// <param name="Faces">Shared by all interviews; null where there are no face models.</param>
/// <param name="WhyNoFaces">The reason as people read it, where faces are permitted and there are no models.</param>
/// <param name="Sink">Where observations go, in the order of the media.</param>
/// <param name="Options">Checked by the caller.</param>
/// <param name="Known">What an earlier run already wrote.</param>
public sealed record VideoPipelineContext(
    string InterviewId, Modality Permitted, FaceAnalyzer? Faces, string? WhyNoFaces, IObservationSink Sink, VideoPipelineOptions Options, KnownObservations Known)
{
    /// <summary>Where the time of decoding is accounted; null: nowhere.</summary>
    public PipelineCosts? Costs { get; init; }
}
