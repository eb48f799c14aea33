using MediaScore.Codecs.Video;
using MediaScore.Inference;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>
/// Turns one interview's key frames into observations: <see cref="PictureSample"/>, <see cref="FaceSample"/>, <see cref="FrameSkipped"/> and
/// <see cref="QualityWarning"/>, in the order of the media.
/// </summary>
public sealed class VideoPipeline(VideoPipelineContext context) : IAsyncDisposable
{
    private readonly VideoPipelineContext _context = context;

    /// <summary>Takes a key frame, in ascending order of <paramref name="time"/>; most are passed over at once.</summary>
    /// <param name="payload">One whole coded picture; copied before the task completes.</param>
    public ValueTask PushKeyFrameAsync(MediaTime time, VideoCodec codec, ReadOnlyMemory<byte> payload, RequestClass requestClass, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Pictures are not analysed yet: " + _context.InterviewId);

    /// <summary>No more frames will come.</summary>
    public Task CompleteAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("Pictures are not analysed yet.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
