namespace MediaScore.WebRtc.Sdp;

/// <summary>One payload type of an offer: <c>a=rtpmap</c> with its <c>a=fmtp</c>.</summary>
/// <param name="Parameters">Of the fmtp line; empty where there is none.</param>
internal sealed record OfferedCodec(byte PayloadType, string Name, uint ClockRate, uint Channels, string Parameters)
{
    public bool Is(string name, uint clockRate) => ClockRate == clockRate && Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A <c>name=value</c> of the parameters; names are case-insensitive (RFC 8866, 6.15 leaves it to the format, and all ours say so).</summary>
    public string? Find(string name)
    {
        foreach (var range in Parameters.AsSpan().Split(';'))
        {
            var pair = Parameters.AsSpan(range).Trim();
            var equals = pair.IndexOf('=');
            if (equals > 0 && pair[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return pair[(equals + 1)..].Trim().ToString();
        }

        return null;
    }

    /// <summary>In the order of the m-line, which is the offerer's preference. Formats without rtpmap are static ones that nobody here takes.</summary>
    public static List<OfferedCodec> ReadAll(SdpMediaSection section)
    {
        var maps = ReadByPayloadType(section, "rtpmap");
        var parameters = ReadByPayloadType(section, "fmtp");
        var codecs = new List<OfferedCodec>();
        Span<Range> fields = stackalloc Range[4];
        foreach (var format in section.Formats)
        {
            if (!SdpToken.TryReadPayloadType(format, out var payloadType) || !maps.TryGetValue(payloadType, out var map))
                continue;
            var count = map.AsSpan().Split(fields, '/');
            uint channels = 1;
            if (count is 2 or 3 && SdpToken.TryReadNumber(map.AsSpan(fields[1]), out var clockRate)
                && (count == 2 || SdpToken.TryReadNumber(map.AsSpan(fields[2]), out channels)))
                codecs.Add(new OfferedCodec(payloadType, map[fields[0]], clockRate, channels, parameters.GetValueOrDefault(payloadType, "")));
        }

        return codecs;
    }

    private static Dictionary<byte, string> ReadByPayloadType(SdpMediaSection section, string name)
    {
        var values = new Dictionary<byte, string>();
        foreach (var value in section.Attributes.All(name))
        {
            var space = value.IndexOf(' ');
            if (space > 0 && SdpToken.TryReadPayloadType(value.AsSpan(0, space), out var payloadType))
                values.TryAdd(payloadType, value[(space + 1)..].Trim());
        }

        return values;
    }
}
