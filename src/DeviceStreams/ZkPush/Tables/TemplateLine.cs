using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// A template in a format of the maker's: <c>BIODATA</c>, <c>FP</c>, <c>FACE</c>, <c>FVEIN</c>, <c>templatev10</c>. It is useless here and kept nowhere; only whether a line is one is looked at.
/// </summary>
internal static class TemplateLine
{
    /// <param name="kind">The table's or the line's name in lower case, which says the type where no field does.</param>
    /// <returns>Whether person, type and template are there.</returns>
    public static bool IsOne(ReadOnlySpan<byte> line, string kind)
    {
        var (hasPin, hasTemplate) = (false, false);
        var hasType = kind is "fp" or "fingertmp" or "templatev10" or "face" or "fvein";
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                hasPin = !pairs.Value.Trim((byte)' ').IsEmpty;
            else if (pairs.KeyIs("type"u8))
                hasType |= ZkNumber.Parse(pairs.Value) is not null;
            else if (pairs.KeyIs("tmp"u8) || pairs.KeyIs("template"u8))
                hasTemplate = !pairs.Value.IsEmpty;
        }

        return hasPin && hasType && hasTemplate;
    }
}
