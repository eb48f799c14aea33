using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// An event of the security dialect: a line of <c>rtlog</c>, or of <c>transaction</c>, which says the same in other words and with a packed time. By key: firmware differs in what it sends.
/// </summary>
internal readonly ref struct RealtimeEventLine
{
    /// <summary>Empty or 0: the terminal itself.</summary>
    public ReadOnlySpan<byte> Pin { get; private init; }

    /// <summary>In letters; empty in a transaction.</summary>
    public ReadOnlySpan<byte> Time { get; private init; }

    /// <summary>Packed; null in a real-time event.</summary>
    public long? PackedTime { get; private init; }

    public ReadOnlySpan<byte> Card { get; private init; }

    public ReadOnlySpan<byte> Door { get; private init; }

    public ReadOnlySpan<byte> Event { get; private init; }

    /// <summary>0 in, 1 out, 2 neither.</summary>
    public ReadOnlySpan<byte> Direction { get; private init; }

    /// <summary>A number, or 16 characters of 0 and 1.</summary>
    public ReadOnlySpan<byte> Verify { get; private init; }

    /// <summary>The record's number in the terminal, until its log is cleared; empty in old firmware.</summary>
    public ReadOnlySpan<byte> Index { get; private init; }

    public ReadOnlySpan<byte> MaskFlag { get; private init; }

    public ReadOnlySpan<byte> Temperature { get; private init; }

    /// <returns>False where time or event are missing.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out RealtimeEventLine record)
    {
        ReadOnlySpan<byte> pin = default, time = default, card = default, door = default, code = default, direction = default, verify = default, index = default, mask = default, temperature = default;
        long? packed = null;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                pin = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("time"u8))
                time = pairs.Value;
            else if (pairs.KeyIs("time_second"u8))
                packed = ZkNumber.ParseLong(pairs.Value);
            else if (pairs.KeyIs("cardno"u8))
                card = pairs.Value;
            else if (pairs.KeyIs("eventaddr"u8) || pairs.KeyIs("doorid"u8))
                door = pairs.Value;
            else if (pairs.KeyIs("event"u8) || pairs.KeyIs("eventtype"u8))
                code = pairs.Value;
            else if (pairs.KeyIs("inoutstatus"u8) || pairs.KeyIs("inoutstate"u8))
                direction = pairs.Value;
            else if (pairs.KeyIs("verifytype"u8) || pairs.KeyIs("verified"u8))
                verify = pairs.Value;
            else if (pairs.KeyIs("index"u8))
                index = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("maskflag"u8))
                mask = pairs.Value;
            else if (pairs.KeyIs("temperature"u8))
                temperature = pairs.Value;
        }

        record = new RealtimeEventLine
        {
            Pin = pin,
            Time = time,
            PackedTime = packed,
            Card = card,
            Door = door,
            Event = code,
            Direction = direction,
            Verify = verify,
            Index = index,
            MaskFlag = mask,
            Temperature = temperature,
        };
        return (!time.IsEmpty || packed is not null) && !code.IsEmpty;
    }
}
