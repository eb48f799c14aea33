using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// Somebody whom a terminal knows: <c>USER</c> of OPERLOG, <c>USERINFO</c>, <c>user</c> of the security dialect. Card, rights and the password that stands in the line in clear are not even looked at.
/// </summary>
internal readonly ref struct UserLine
{
    public ReadOnlySpan<byte> Pin { get; private init; }

    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>On the terminal's black list.</summary>
    public bool IsDisabled { get; private init; }

    /// <returns>False where nobody is named. PIN 0 is the terminal itself.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out UserLine record)
    {
        ReadOnlySpan<byte> pin = default, name = default;
        var isDisabled = false;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                pin = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("name"u8))
                name = pairs.Value;
            else if (pairs.KeyIs("disable"u8))
                isDisabled = ZkNumber.Parse(pairs.Value) is 1;
        }

        record = new UserLine { Pin = pin, Name = name, IsDisabled = isDisabled };
        return !pin.IsEmpty && !pin.SequenceEqual("0"u8);
    }
}
