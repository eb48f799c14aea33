using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests;

/// <summary>A sink that keeps what it was given, in order.</summary>
internal sealed class ObservationList : IObservationSink
{
    private readonly List<Observation> _observations = [];
    private readonly Lock _lock = new();

    /// <summary>Thrown from the observation after this many on.</summary>
    public int? FailAfter { get; init; }

    public IReadOnlyList<Observation> All
    {
        get
        {
            lock (_lock)
                return [.. _observations];
        }
    }

    public IReadOnlyList<T> Of<T>()
        where T : Observation => [.. All.OfType<T>()];

    public ValueTask AppendAsync(Observation observation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_observations.Count >= FailAfter)
                throw new IOException("The disk is full.");
            _observations.Add(observation);
        }

        return ValueTask.CompletedTask;
    }
}
