using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary><c>IDCARD</c> or <c>identitycard</c>. Whose it is, no more: number, address and photo of somebody's identity card have no purpose here and are kept nowhere.</summary>
internal readonly ref struct IdentityCardLine
{
    /// <summary>0: bound to nobody.</summary>
    public ReadOnlySpan<byte> Pin { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> line, out IdentityCardLine record)
    {
        ReadOnlySpan<byte> pin = default;
        var hasCard = false;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                pin = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("snnum"u8) || pairs.KeyIs("sn_num"u8) || pairs.KeyIs("idnum"u8) || pairs.KeyIs("id_num"u8))
                hasCard = true;
        }

        record = new IdentityCardLine { Pin = pin };
        return !pin.IsEmpty && hasCard;
    }
}
