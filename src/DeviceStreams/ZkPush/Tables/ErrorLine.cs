using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary><c>ERRORLOG</c>, <c>errorlog</c>: something that a terminal could not do, by itself or when told to.</summary>
internal readonly ref struct ErrorLine
{
    /// <summary><c>D01E0001</c>: device or server, module, number.</summary>
    public ReadOnlySpan<byte> Code { get; private init; }

    public ReadOnlySpan<byte> Message { get; private init; }

    /// <summary><c>dev</c> or <c>cmd</c>.</summary>
    public ReadOnlySpan<byte> Origin { get; private init; }

    public ReadOnlySpan<byte> CommandId { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> line, out ErrorLine record)
    {
        ReadOnlySpan<byte> code = default, message = default, origin = default, command = default;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("errcode"u8))
                code = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("errmsg"u8))
                message = pairs.Value;
            else if (pairs.KeyIs("dataorigin"u8))
                origin = pairs.Value;
            else if (pairs.KeyIs("cmdid"u8))
                command = pairs.Value;
        }

        record = new ErrorLine { Code = code, Message = message, Origin = origin, CommandId = command };
        return !code.IsEmpty;
    }
}
