using MediaScore.Timeline;

namespace MediaScore.Pipelines;

/// <summary>Where pipelines put what they saw and heard. The order of calls of one pipeline is the order of its observations.</summary>
public interface IObservationSink
{
    /// <summary>Completes when the observation is durable; only then may anybody see it.</summary>
    ValueTask AppendAsync(Observation observation, CancellationToken cancellationToken);
}
