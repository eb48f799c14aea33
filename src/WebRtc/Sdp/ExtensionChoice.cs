namespace MediaScore.WebRtc.Sdp;

/// <summary>
/// Header extensions of one bundle (RFC 8285, 5). Within it an id means one extension (RFC 9143, 8.1), or a packet's mid could not be read before its section is
/// known: a second meaning is left out.
/// </summary>
internal sealed class ExtensionChoice
{
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    public const string Rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    public const string RepairedRid = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    public const string TransportSequence = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const string AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    public const string AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    public const string VideoOrientation = "urn:3gpp:video-orientation";

    private readonly Dictionary<byte, string> _meanings = [];

    /// <summary>Ids above 14 need the two-byte form, which is used beside the short one only where both sides said so (RFC 8285, 4.1.2).</summary>
    public HeaderExtensionIds Choose(SdpMediaSection section)
    {
        var mixed = section.FindInherited("extmap-allow-mixed") is not null;
        var ids = default(HeaderExtensionIds);
        foreach (var line in section.Attributes.All("extmap"))
        {
            if (!TryRead(line, mixed, out var id, out var meaning))
                continue;
            var next = With(ids, meaning, id);
            if (next == ids || !(_meanings.TryAdd(id, meaning) || _meanings[id] == meaning))
                continue;
            ids = next;
        }

        return ids;
    }

    /// <summary>Values of our <c>a=extmap</c> lines.</summary>
    public static IEnumerable<string> Write(HeaderExtensionIds ids)
    {
        ReadOnlySpan<(byte Id, string Meaning)> all =
        [
            (ids.Mid, Mid), (ids.Rid, Rid), (ids.RepairedRid, RepairedRid), (ids.TransportSequence, TransportSequence), (ids.AbsoluteSendTime, AbsoluteSendTime),
            (ids.AudioLevel, AudioLevel), (ids.VideoOrientation, VideoOrientation),
        ];
        var lines = new List<string>();
        foreach (var (id, meaning) in all)
        {
            if (id != 0)
                lines.Add($"{id} {meaning}");
        }

        return lines;
    }

    /// <summary><c>id[/direction] uri [attributes]</c>. Only what the peer may send is of use.</summary>
    private static bool TryRead(string line, bool mixed, out byte id, out string meaning)
    {
        id = 0;
        meaning = "";
        Span<Range> fields = stackalloc Range[3];
        if (line.AsSpan().Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries) < 2)
            return false;
        var number = line.AsSpan(fields[0]);
        if (number.IndexOf('/') is > 0 and var slash)
        {
            if (number[(slash + 1)..] is not ("sendonly" or "sendrecv"))
                return false;
            number = number[..slash];
        }

        if (!SdpToken.TryReadNumber(number, out var value) || value == 0 || value == 15 || value > (mixed ? 255u : 14u))
            return false;
        id = (byte)value;
        meaning = line[fields[1]];
        return true;
    }

    /// <summary>The first id of a meaning counts; what is not known changes nothing.</summary>
    private static HeaderExtensionIds With(HeaderExtensionIds ids, string meaning, byte id) => meaning switch
    {
        Mid when ids.Mid == 0 => ids with { Mid = id },
        Rid when ids.Rid == 0 => ids with { Rid = id },
        RepairedRid when ids.RepairedRid == 0 => ids with { RepairedRid = id },
        TransportSequence when ids.TransportSequence == 0 => ids with { TransportSequence = id },
        AbsoluteSendTime when ids.AbsoluteSendTime == 0 => ids with { AbsoluteSendTime = id },
        AudioLevel when ids.AudioLevel == 0 => ids with { AudioLevel = id },
        VideoOrientation when ids.VideoOrientation == 0 => ids with { VideoOrientation = id },
        _ => ids,
    };
}
