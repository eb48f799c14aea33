namespace MediaScore.WebRtc.Sdp;

/// <summary>What of an SDP text is of use here: session-level attributes and media sections (RFC 8866).</summary>
internal sealed record SdpDescription(SdpAttributes Attributes, IReadOnlyList<SdpMediaSection> Media)
{
    public override string ToString() => "SDP description";
}

/// <summary>One <c>m=</c> line and the attributes below it.</summary>
/// <param name="Kind"><c>audio</c>, <c>video</c>, <c>application</c>, ...</param>
/// <param name="Formats">Payload types of RTP, in the order of preference.</param>
/// <param name="Session">Attributes of the session level, which hold where a section says nothing.</param>
internal sealed record SdpMediaSection(string Kind, ushort Port, string Protocol, IReadOnlyList<string> Formats, SdpAttributes Attributes, SdpAttributes Session)
{
    /// <summary>RFC 5888; empty where the section has none.</summary>
    public string Mid => Attributes.Find("mid") ?? "";

    /// <summary>Rejected or not wanted by the offerer. A port of 0 with bundle-only only means that the section has no transport of its own (RFC 9143, 6).</summary>
    public bool Disabled => Port == 0 && !Attributes.Has("bundle-only");

    /// <summary>The section's value, else the session's.</summary>
    public string? FindInherited(string name) => Attributes.Find(name) ?? Session.Find(name);

    /// <summary>Direction attributes as a word; sendrecv where none stands (RFC 8866, 6.7).</summary>
    public string Direction => FindDirection(Attributes) ?? FindDirection(Session) ?? "sendrecv";

    public override string ToString() => $"{Kind} section";

    private static string? FindDirection(SdpAttributes attributes)
    {
        foreach (var direction in (ReadOnlySpan<string>)["sendrecv", "sendonly", "recvonly", "inactive"])
        {
            if (attributes.Has(direction))
                return direction;
        }

        return null;
    }
}
