using MediaScore.Inference;
using MediaScore.Perception.Vision;
using MediaScore.Pipelines.Video;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Video;

/// <summary>Sees as many faces as the test says of each moment.</summary>
internal sealed class ScriptedFaces(Func<double, int> faceCountAt) : IFaceExaminer
{
    public int CallCount { get; private set; }

    public Exception? Failure { get; init; }

    /// <summary>Moments at which the pool is too busy for a live picture.</summary>
    public Func<double, bool> GivesWayAt { get; init; } = _ => false;

    public ValueTask<FaceSample?> ExamineAsync(RgbPicture picture, MediaRange range, RequestClass requestClass, CancellationToken cancellationToken)
    {
        CallCount++;
        if (requestClass == RequestClass.Live && GivesWayAt(range.Start.TotalSeconds))
            return ValueTask.FromResult<FaceSample?>(null);
        return Failure is null
            ? ValueTask.FromResult<FaceSample?>(new FaceSample(range, faceCountAt(range.Start.TotalSeconds), null))
            : ValueTask.FromException<FaceSample?>(Failure);
    }
}
