using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary><c>OPLOG</c>, its name already removed: type, operator, time, on whom, and three values.</summary>
internal readonly ref struct OperationLine
{
    private const int MaxFields = 7;

    public int Type { get; private init; }

    public ReadOnlySpan<byte> Operator { get; private init; }

    public ReadOnlySpan<byte> Time { get; private init; }

    /// <summary>A PIN, a reason, an item: what it is depends on <see cref="Type"/>.</summary>
    public ReadOnlySpan<byte> Object { get; private init; }

    /// <summary>The three values, still with their TABs.</summary>
    public ReadOnlySpan<byte> Values { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> line, out OperationLine record)
    {
        record = default;
        Span<Range> fields = stackalloc Range[MaxFields];
        var count = ZkFields.Split(line, fields);
        if (count < 3 || ZkNumber.Parse(line[fields[0]]) is not { } type)
            return false;
        record = new OperationLine
        {
            Type = type,
            Operator = line[fields[1]],
            Time = line[fields[2]],
            Object = count > 3 ? line[fields[3]] : default,
            Values = count > 4 ? line[fields[4].Start..] : default,
        };
        return true;
    }
}
