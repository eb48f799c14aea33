using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary><c>rtstate</c>: doors, relays and alarms as they stand, in hexadecimal digits.</summary>
internal readonly ref struct RealtimeStateLine
{
    public ReadOnlySpan<byte> Time { get; private init; }

    /// <summary>Two bits a door, the first door lowest: 0 none, 1 closed, 2 open.</summary>
    public ReadOnlySpan<byte> Sensor { get; private init; }

    /// <summary>Sources disagree about what a bit means: kept as it is.</summary>
    public ReadOnlySpan<byte> Relay { get; private init; }

    /// <summary>A byte a door, the first door first.</summary>
    public ReadOnlySpan<byte> Alarm { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> line, out RealtimeStateLine record)
    {
        ReadOnlySpan<byte> time = default, sensor = default, relay = default, alarm = default;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("time"u8))
                time = pairs.Value;
            else if (pairs.KeyIs("sensor"u8))
                sensor = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("relay"u8))
                relay = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("alarm"u8))
                alarm = pairs.Value.Trim((byte)' ');
        }

        record = new RealtimeStateLine { Time = time, Sensor = sensor, Relay = relay, Alarm = alarm };
        return !time.IsEmpty && !sensor.IsEmpty;
    }
}
