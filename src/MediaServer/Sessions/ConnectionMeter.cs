using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Sessions;

/// <summary>How a browser's connection was during the last second, from counters that only grow. Thread-safe; several may ask.</summary>
internal sealed class ConnectionMeter(TimeProvider time)
{
    // Statistics are refreshed about once a second, so what is asked for sooner would be a second of zeros.
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(900);

    private readonly Lock _gate = new();
    private ICandidateConnection? _connection;
    private long _packets;
    private long _lost;
    private long _readAt;
    private ConnectionReading? _reading;

    /// <returns>Null where there is no connection.</returns>
    public ConnectionReading? Read(ICandidateConnection? connection)
    {
        lock (_gate)
        {
            if (connection is null)
                return _reading = null;
            var now = time.GetTimestamp();
            var known = ReferenceEquals(connection, _connection);
            if (known && _reading is not null && time.GetElapsedTime(_readAt, now) < Period)
                return _reading;
            var statistics = connection.Statistics;
            var packets = (statistics.Audio?.PacketCount ?? 0) + (statistics.Video?.PacketCount ?? 0);
            var lost = (statistics.Audio?.LostCount ?? 0) + (statistics.Video?.LostCount ?? 0);
            var (newPackets, newLost) = known ? (Math.Max(0, packets - _packets), Math.Max(0, lost - _lost)) : (packets, lost);
            var seconds = known ? time.GetElapsedTime(_readAt, now).TotalSeconds : 1;
            (_connection, _packets, _lost, _readAt) = (connection, packets, lost, now);
            return _reading = new ConnectionReading(
                statistics.State,
                newPackets + newLost == 0 ? 0 : 100.0 * newLost / (newPackets + newLost),
                statistics.RoundTripTime,
                (statistics.Audio ?? statistics.Video)?.Jitter ?? TimeSpan.Zero,
                newPackets / seconds);
        }
    }
}

/// <param name="LossPercent">Of the packets of the last second that never came, 0 to 100.</param>
/// <param name="RoundTripTime">Null where it is not known.</param>
internal sealed record ConnectionReading(RtcState State, double LossPercent, TimeSpan? RoundTripTime, TimeSpan Jitter, double PacketsPerSecond);
