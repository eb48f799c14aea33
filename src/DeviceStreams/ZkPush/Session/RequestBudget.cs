namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>So many requests a minute, a minute's worth at once at most. Thread-safe.</summary>
internal sealed class RequestBudget(int requestsPerMinute, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _left = requestsPerMinute;
    private long _filledAt = time.GetTimestamp();

    public bool TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(requestsPerMinute, _left + (time.GetElapsedTime(_filledAt, now).TotalMinutes * requestsPerMinute));
            _filledAt = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
