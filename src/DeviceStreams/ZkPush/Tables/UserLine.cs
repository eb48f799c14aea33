using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// Somebody whom a terminal knows: <c>USER</c> of OPERLOG, <c>USERINFO</c>, <c>user</c> of the security dialect. The password that stands in the line in clear is not even looked at.
/// </summary>
internal readonly ref struct UserLine
{
    public ReadOnlySpan<byte> Pin { get; private init; }

    public ReadOnlySpan<byte> Name { get; private init; }

    public ReadOnlySpan<byte> Card { get; private init; }

    /// <summary>0 user, 2 registrar, 6 administrator, 10 own role, 14 super administrator; null where the line does not say or says nonsense.</summary>
    public int? Privilege { get; private init; }

    /// <summary>On the terminal's black list.</summary>
    public bool IsDisabled { get; private init; }

    /// <returns>False where nobody is named. PIN 0 is the terminal itself.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out UserLine record)
    {
        ReadOnlySpan<byte> pin = default, name = default, card = default;
        int? privilege = null;
        var isDisabled = false;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                pin = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("name"u8))
                name = pairs.Value;
            else if (pairs.KeyIs("card"u8) || pairs.KeyIs("cardno"u8))
                card = pairs.Value;
            else if (pairs.KeyIs("pri"u8) || pairs.KeyIs("privilege"u8))
                privilege = ZkNumber.Parse(pairs.Value);
            else if (pairs.KeyIs("disable"u8))
                isDisabled = ZkNumber.Parse(pairs.Value) is 1;
        }

        record = new UserLine { Pin = pin, Name = name, Card = card, Privilege = privilege, IsDisabled = isDisabled };
        return !pin.IsEmpty && !pin.SequenceEqual("0"u8);
    }
}
