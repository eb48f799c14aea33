namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>So many requests a minute, a minute's worth at once at most. Thread-safe.</summary>
internal sealed class RequestBudget
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _perMinute;
    private double _left;
    private long _filledAt;

    public RequestBudget(int requestsPerMinute, TimeProvider time) => (_time, _perMinute, _left, _filledAt) = (time, requestsPerMinute, requestsPerMinute, time.GetTimestamp());

    public bool TryTake()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _left = Math.Min(_perMinute, _left + (_time.GetElapsedTime(_filledAt, now).TotalMinutes * _perMinute));
            _filledAt = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
