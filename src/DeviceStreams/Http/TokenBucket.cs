namespace MediaScore.DeviceStreams.Http;

/// <summary>So much a second in the long run, and so much at once. Thread-safe.</summary>
internal sealed class TokenBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private double _left;
    private long _filledAt;

    public TokenBucket(double perSecond, double burst, TimeProvider time) => (_perSecond, _burst, _time, _left, _filledAt) = (perSecond, burst, time, burst, time.GetTimestamp());

    /// <returns>Zero where there was one; else how long it takes until there is, and none was taken.</returns>
    public TimeSpan TryTake()
    {
        lock (_gate)
        {
            Fill();
            if (_left >= 1)
            {
                _left--;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromSeconds((1 - _left) / _perSecond);
        }
    }

    /// <summary>Takes one that may still have to come: whoever asks in turn is served in turn.</summary>
    /// <returns>How long to wait for it.</returns>
    public TimeSpan Reserve()
    {
        lock (_gate)
        {
            Fill();
            _left--;
            return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / _perSecond);
        }
    }

    private void Fill()
    {
        var now = _time.GetTimestamp();
        _left = Math.Min(_burst, _left + (_time.GetElapsedTime(_filledAt, now).TotalSeconds * _perSecond));
        _filledAt = now;
    }
}
