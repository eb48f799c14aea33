using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// A line of <c>ATTLOG</c>: <c>PIN Time Status Verify Workcode Reserved1 Reserved2 MaskFlag Temperature ConvTemperature TimeOffset ExtendData</c>, two to twelve of them. Terminals that check
/// identity cards (<c>pid</c>) have the card's number and a type in the eighth and ninth. An old manual shows keys and spaces instead.
/// </summary>
internal readonly ref struct AttendanceLine
{
    private const int MaxFields = 12;

    public ReadOnlySpan<byte> Pin { get; private init; }

    public ReadOnlySpan<byte> Time { get; private init; }

    public ReadOnlySpan<byte> Status { get; private init; }

    public ReadOnlySpan<byte> Verify { get; private init; }

    public ReadOnlySpan<byte> WorkCode { get; private init; }

    /// <summary>The eighth: 1 with a mask; of <c>pid</c> terminals the card's number.</summary>
    public ReadOnlySpan<byte> MaskFlag { get; private init; }

    /// <summary>The ninth: degrees; of <c>pid</c> terminals 1 for a check, 0 for attendance.</summary>
    public ReadOnlySpan<byte> Temperature { get; private init; }

    /// <summary>Seconds east of Greenwich, where the firmware says it: <c>+28800</c>.</summary>
    public ReadOnlySpan<byte> TimeOffset { get; private init; }

    /// <returns>False where person or time are missing.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out AttendanceLine record)
    {
        if (!line.Contains((byte)'\t') && line.Contains((byte)'='))
            return TryParseKeyed(line, out record);
        Span<Range> fields = stackalloc Range[MaxFields];
        var count = ZkFields.Split(line, fields);
        record = new AttendanceLine
        {
            Pin = Field(line, fields, 0, count).Trim((byte)' '),
            Time = Field(line, fields, 1, count),
            Status = Field(line, fields, 2, count),
            Verify = Field(line, fields, 3, count),
            WorkCode = Field(line, fields, 4, count),
            MaskFlag = Field(line, fields, 7, count),
            Temperature = Field(line, fields, 8, count),
            TimeOffset = Field(line, fields, 10, count),
        };
        return !record.Pin.IsEmpty && !record.Time.IsEmpty;
    }

    private static bool TryParseKeyed(ReadOnlySpan<byte> line, out AttendanceLine record)
    {
        ReadOnlySpan<byte> pin = default, time = default, status = default, verify = default, workCode = default;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                pin = pairs.Value;
            else if (pairs.KeyIs("datetime"u8) || pairs.KeyIs("time"u8))
                time = pairs.Value;
            else if (pairs.KeyIs("status"u8))
                status = pairs.Value;
            else if (pairs.KeyIs("verified"u8) || pairs.KeyIs("verify"u8))
                verify = pairs.Value;
            else if (pairs.KeyIs("workcode"u8))
                workCode = pairs.Value;
        }

        record = new AttendanceLine { Pin = pin.Trim((byte)' '), Time = time, Status = status, Verify = verify, WorkCode = workCode };
        return !record.Pin.IsEmpty && !record.Time.IsEmpty;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, scoped ReadOnlySpan<Range> fields, int index, int count) => index < count ? line[fields[index]] : default;
}
