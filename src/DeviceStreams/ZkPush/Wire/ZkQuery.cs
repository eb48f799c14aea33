namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>A terminal's query string. Names count in any case; of a name that comes twice the first counts.</summary>
internal sealed class ZkQuery
{
    // A handshake has about ten.
    private const int MaxPairs = 64;

    private const int MaxLength = 8_192;

    private readonly List<KeyValuePair<string, string>> _pairs = [];

    private ZkQuery()
    {
    }

    /// <summary>Decoded; null where it is missing, empty where it has no value.</summary>
    public string? this[string name] => _pairs.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    public bool Has(string name, string value) => string.Equals(this[name], value, StringComparison.OrdinalIgnoreCase);

    public static ZkQuery Parse(string query)
    {
        var parsed = new ZkQuery();
        var text = query.TrimStart('?');
        foreach (var piece in (text.Length > MaxLength ? text[..MaxLength] : text).Split('&', MaxPairs + 1).Take(MaxPairs))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                parsed._pairs.Add(new KeyValuePair<string, string>(Decode(piece[..equals]), Decode(piece[(equals + 1)..])));
        }

        return parsed;
    }

    // Both "+" and "%20" are seen for a space.
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
