namespace MediaScore.WebRtc.Sdp;

/// <summary>One layer of an offered simulcast (RFC 8851, RFC 8853).</summary>
internal static class SimulcastChoice
{
    /// <summary>Lines of a picture below which a face is too small to be analysed; the lowest layer that has them is the cheapest that will do.</summary>
    public const uint EnoughLines = 360;

    /// <summary>The restriction id to answer; null where the section is to be answered plainly.</summary>
    public static string? Choose(SdpMediaSection section, byte payloadType)
    {
        var layers = ReadOffered(section, payloadType);
        if (layers.Count == 0)
            return null;
        if (layers.TrueForAll(layer => layer.MaxLines is not null))
            return (layers.Where(layer => layer.MaxLines >= EnoughLines).MinBy(layer => layer.MaxLines) ?? layers.MaxBy(layer => layer.MaxLines)!).Rid;
        // Browsers do not say how large a layer is. The order of sendEncodings is from small to large, each twice the one before (4:2:1 or 2:1): of three the middle
        // one is 360 lines of a 720-line camera; of two the second, whose first would have been too small.
        return layers[layers.Count / 2].Rid;
    }

    private static List<Layer> ReadOffered(SdpMediaSection section, byte payloadType)
    {
        var layers = new List<Layer>();
        var known = ReadRids(section, payloadType);
        if (section.Attributes.Find("simulcast") is not { } value || FindSendList(value) is not { } list)
            return layers;
        foreach (var stream in list.Split(';'))
        {
            // Alternatives of one stream stand with commas, the preferred one first; a tilde: it starts paused.
            var rid = stream.Split(',')[0];
            if (rid.StartsWith('~'))
                continue;
            if (known.TryGetValue(rid, out var layer))
                layers.Add(layer);
        }

        return layers;
    }

    private static string? FindSendList(string value)
    {
        var fields = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(fields, "send");
        return at >= 0 && at + 1 < fields.Length ? fields[at + 1] : null;
    }

    /// <summary><c>rid send [pt=1,2;max-height=..]</c>: those that may be sent with our payload type.</summary>
    private static Dictionary<string, Layer> ReadRids(SdpMediaSection section, byte payloadType)
    {
        var rids = new Dictionary<string, Layer>();
        foreach (var line in section.Attributes.All("rid"))
        {
            var fields = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2 || fields[1] != "send" || !SdpToken.IsRid(fields[0]))
                continue;
            uint? maxLines = null;
            var allowed = true;
            foreach (var restriction in fields.Length < 3 ? [] : fields[2].Split(';'))
            {
                if (restriction.StartsWith("pt=", StringComparison.Ordinal))
                    allowed = Array.Exists(restriction[3..].Split(','), type => SdpToken.TryReadPayloadType(type, out var of) && of == payloadType);
                else if (restriction.StartsWith("max-height=", StringComparison.Ordinal) && SdpToken.TryReadNumber(restriction.AsSpan(11), out var lines))
                    maxLines = lines;
            }

            if (allowed)
                rids.TryAdd(fields[0], new Layer(fields[0], maxLines));
        }

        return rids;
    }

    private sealed record Layer(string Rid, uint? MaxLines);
}
