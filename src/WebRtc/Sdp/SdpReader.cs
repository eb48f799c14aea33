using System.Collections.Frozen;

namespace MediaScore.WebRtc.Sdp;

/// <summary>
/// Line parser with a bound on everything (RFC 8866, 5). Lines that nobody here asks for are checked for their form and left out: candidates too, so that no address
/// of the peer is ever kept.
/// </summary>
internal static class SdpReader
{
    /// <summary>Characters. The longest offer seen of a browser has 19 thousand (17 sections).</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>A section of Chromium has 150 lines, and few have more than three.</summary>
    public const int MaxLineCount = 4096;

    /// <summary>Long enough for every attribute but a lie: a candidate has 200 characters, a line of parameter sets 500.</summary>
    public const int MaxLineLength = 4096;

    /// <summary>More than any browser's page asks for by accident; each costs lines of answer.</summary>
    public const int MaxSectionCount = 64;

    /// <summary>Kept ones of one section.</summary>
    public const int MaxAttributeCount = 1024;

    /// <summary>Payload types end at 127.</summary>
    public const int MaxFormatCount = 128;

    // A mid travels in a header extension: 16 bytes in the short form; what is longer than this is no use.
    private const int MaxMidLength = 64;

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        "group", "ice-ufrag", "ice-pwd", "ice-lite", "fingerprint", "setup", "mid", "bundle-only", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "rtpmap", "fmtp", "rtcp-fb",
        "extmap", "extmap-allow-mixed", "ssrc", "ssrc-group", "rid", "simulcast", "sendrecv", "sendonly", "recvonly", "inactive", "maxptime", "end-of-candidates");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KnownBySpan = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="fragment">A trickle fragment (RFC 8840): attributes and media sections only, no <c>v=</c>.</param>
    /// <param name="candidateCount">Candidate lines that were left out.</param>
    /// <param name="error">Says which line and which bound; repeats nothing of the text.</param>
    public static bool TryRead(string text, bool fragment, out SdpDescription description, out int candidateCount, out string error)
    {
        var session = new SdpAttributes();
        var media = new List<SdpMediaSection>();
        description = new SdpDescription(session, media);
        candidateCount = 0;
        if (text.Length > MaxLength)
            return Fail(out error, $"The description has {text.Length} characters; at most {MaxLength} are read.");

        var mids = new HashSet<string>();
        var attributes = session;
        var lineNumber = 0;
        var started = fragment;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range);
            if (++lineNumber > MaxLineCount)
                return Fail(out error, $"The description has more than {MaxLineCount} lines.");
            // CRLF by the letter of RFC 8866, LF by section 5 of it.
            if (line is [.., '\r'])
                line = line[..^1];
            if (line.IsEmpty)
                continue;
            if (line.Length > MaxLineLength)
                return Fail(out error, $"Line {lineNumber} has {line.Length} characters; at most {MaxLineLength} are read.");
            if (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetterLower(line[0]) || HasControl(line))
                return Fail(out error, $"Line {lineNumber} is not of the form <letter>=<value>.");
            var value = line[2..];

            if (!started)
            {
                if (line is not "v=0")
                    return Fail(out error, "The description does not begin with v=0.");
                started = true;
            }
            else if (line[0] == 'm')
            {
                if (media.Count == MaxSectionCount)
                    return Fail(out error, $"The description has more than {MaxSectionCount} media sections.");
                if (!TryReadMedia(value, session, out var section))
                    return Fail(out error, $"Line {lineNumber} is not a media line: m=<kind> <port> <protocol> <formats>.");
                media.Add(section);
                attributes = section.Attributes;
            }
            else if (line[0] == 'a')
            {
                var colon = value.IndexOf(':');
                var name = colon < 0 ? value : value[..colon];
                if (name is "candidate")
                    candidateCount++;
                if (!KnownBySpan.TryGetValue(name, out var known))
                    continue;
                if (attributes.Count == MaxAttributeCount)
                    return Fail(out error, $"A section before line {lineNumber} has more than {MaxAttributeCount} attributes.");
                var content = colon < 0 ? "" : value[(colon + 1)..].Trim().ToString();
                if (known == "mid" && ((attributes == session && !fragment) || attributes.Has("mid") || !SdpToken.IsToken(content, MaxMidLength) || !mids.Add(content)))
                    return Fail(out error, $"Line {lineNumber}: a mid is one token of at most {MaxMidLength} characters, once a section, no two the same.");
                attributes.Add(known, content);
            }
        }

        error = "";
        return started || Fail(out error, "The description is empty.");
    }

    private static bool TryReadMedia(ReadOnlySpan<char> value, SdpAttributes session, out SdpMediaSection section)
    {
        section = null!;
        Span<Range> fields = stackalloc Range[MaxFormatCount + 4];
        var count = value.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count < 4 || count == fields.Length)
            return false;
        var kind = value[fields[0]];
        var port = value[fields[1]];
        var protocol = value[fields[2]];
        // "49170/2": a number of ports, which nothing of today uses.
        if (port.IndexOf('/') is >= 0 and var slash)
            port = port[..slash];
        if (!SdpToken.IsToken(kind, 64) || !SdpToken.TryReadNumber(port, out var portNumber) || portNumber > ushort.MaxValue || !SdpToken.IsProtocol(protocol))
            return false;

        var formats = new string[count - 3];
        for (var index = 0; index < formats.Length; index++)
        {
            var format = value[fields[index + 3]];
            if (!SdpToken.IsToken(format, 64))
                return false;
            formats[index] = format.ToString();
        }

        section = new SdpMediaSection(kind.ToString(), (ushort)portNumber, protocol.ToString(), formats, new SdpAttributes(), session);
        return true;
    }

    // A tab is seen in free text; all other control characters, a bare carriage return among them, could end a line for another reader.
    private static bool HasControl(ReadOnlySpan<char> line)
    {
        foreach (var character in line)
        {
            if (char.IsControl(character) && character != '\t')
                return true;
        }

        return false;
    }

    private static bool Fail(out string error, string message)
    {
        error = message;
        return false;
    }
}
