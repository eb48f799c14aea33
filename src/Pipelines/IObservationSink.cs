using MediaScore.Timeline;

namespace MediaScore.Pipelines;

/// <summary>Where pipelines put what they saw and heard. The order of calls of one pipeline is the order of its observations.</summary>
public interface IObservationSink
{
    /// <summary>Takes an observation, behind all that were given before. It may complete before the observation is durable, but nobody sees it before it is.</summary>
    ValueTask AppendAsync(Observation observation, CancellationToken cancellationToken);
}
