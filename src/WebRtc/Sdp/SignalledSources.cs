namespace MediaScore.WebRtc.Sdp;

/// <summary>SSRCs that an offer names (RFC 5576). Hints only: browsers may name none, and packets tell by mid.</summary>
internal static class SignalledSources
{
    public static (uint? Media, uint? Rtx) Read(SdpMediaSection section)
    {
        uint? media = null;
        foreach (var group in section.Attributes.All("ssrc-group"))
        {
            // Simulcast of before rids: the first is the smallest layer.
            if (ReadGroup(group, "SIM") is [var smallest, ..])
                media = smallest;
        }

        foreach (var group in section.Attributes.All("ssrc-group"))
        {
            // Source and its retransmissions (RFC 4588).
            if (ReadGroup(group, "FID") is [var source, var rtx, ..] && (media is null || media == source))
                return (source, rtx);
        }

        if (media is null && section.Attributes.Find("ssrc") is { } line && SdpToken.TryReadNumber(FirstField(line), out var first))
            media = first;
        return (media, null);
    }

    private static uint[] ReadGroup(string group, string semantics)
    {
        var fields = group.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 2 || fields[0] != semantics)
            return [];
        var sources = new uint[fields.Length - 1];
        for (var index = 0; index < sources.Length; index++)
        {
            if (!SdpToken.TryReadNumber(fields[index + 1], out sources[index]))
                return [];
        }

        return sources;
    }

    private static ReadOnlySpan<char> FirstField(string line) => line.IndexOf(' ') is > 0 and var space ? line.AsSpan(0, space) : line;
}
