using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary><c>IDCARD</c> or <c>identitycard</c>. Number, address and photo of somebody's identity card have no purpose here and are kept nowhere; only whether a line is one is looked at.</summary>
internal static class IdentityCardLine
{
    /// <returns>Whether person (0: bound to nobody) and card are there.</returns>
    public static bool IsOne(ReadOnlySpan<byte> line)
    {
        var (hasPin, hasCard) = (false, false);
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                hasPin = !pairs.Value.Trim((byte)' ').IsEmpty;
            else if (pairs.KeyIs("snnum"u8) || pairs.KeyIs("sn_num"u8) || pairs.KeyIs("idnum"u8) || pairs.KeyIs("id_num"u8))
                hasCard = true;
        }

        return hasPin && hasCard;
    }
}
