using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>Chooses the first frame at or after each point of a grid of media time. A pure function of the frames' times. Not thread-safe.</summary>
internal sealed class MediaGrid(TimeSpan step)
{
    private readonly long _stepMicroseconds = step.Ticks / TimeSpan.TicksPerMicrosecond;
    private long _nextMicroseconds;

    /// <summary>Asks for the next frame, in ascending order of <paramref name="time"/>.</summary>
    public bool Choose(MediaTime time)
    {
        if (time.Microseconds < _nextMicroseconds)
            return false;
        _nextMicroseconds = (time.Microseconds / _stepMicroseconds + 1) * _stepMicroseconds;
        return true;
    }
}
