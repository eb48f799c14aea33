using System.Text;
using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Sdp;

/// <summary>Bodies of WHIP's PATCH: <c>application/trickle-ice-sdpfrag</c> (RFC 8840, RFC 9725, 4.3).</summary>
internal static class IceFragment
{
    public const string MediaType = "application/trickle-ice-sdpfrag";

    /// <summary>
    /// False where it is not a fragment, is over a bound, or has half or malformed credentials. Credentials stand at the top or in the tagged section, which is the
    /// only one with transport attributes (RFC 9725, 4.3.3); of several sections the first counts.
    /// </summary>
    public static bool TryParse(string body, out IceFragmentContent content)
    {
        content = new IceFragmentContent(null, 0, EndOfCandidates: false);
        if (!SdpReader.TryRead(body, fragment: true, out var description, out var candidateCount, out _))
            return false;
        var session = description.Attributes;
        var section = description.Media.FirstOrDefault(media => media.Attributes.Has("ice-ufrag") || media.Attributes.Has("ice-pwd"))?.Attributes ?? session;
        IceCredentials? credentials = null;
        if (section.Has("ice-ufrag") || section.Has("ice-pwd"))
        {
            credentials = TransportOffer.ReadCredentials(section, session, out _, out _);
            if (credentials is null)
                return false;
        }

        var end = session.Has("end-of-candidates") || description.Media.Any(media => media.Attributes.Has("end-of-candidates"));
        content = new IceFragmentContent(credentials, candidateCount, end);
        // A text of other lines is no fragment; an empty one brings nothing, which is allowed.
        return credentials is not null || candidateCount > 0 || end || description.Media.Count > 0 || string.IsNullOrWhiteSpace(body);
    }

    /// <summary>Our answer to a restart: new credentials, the same candidates.</summary>
    public static string Write(NegotiatedSession session, IceCredentials local, IReadOnlyList<IceCandidate> candidates)
    {
        var text = new StringBuilder(1024);
        SdpAnswerWriter.Line(text, "a=ice-lite");
        SdpAnswerWriter.Line(text, "a=ice-options:ice2 trickle");
        // The pseudo m-line only opens the section (RFC 8840, 9.2).
        var tagged = session.Media[0];
        var kind = tagged.Kind == MediaKind.Audio ? "audio" : "video";
        if (tagged.Mid.Length > 0)
            SdpAnswerWriter.Line(text, "a=group:BUNDLE " + string.Join(' ', session.Media.Select(media => media.Mid)));
        SdpAnswerWriter.Line(text, $"m={kind} 9 UDP/TLS/RTP/SAVPF {tagged.PayloadType}");
        if (tagged.Mid.Length > 0)
            SdpAnswerWriter.Line(text, $"a=mid:{tagged.Mid}");
        SdpAnswerWriter.Line(text, $"a=ice-ufrag:{local.UserFragment}");
        SdpAnswerWriter.Line(text, $"a=ice-pwd:{local.Password}");
        SdpAnswerWriter.WriteCandidates(text, candidates);
        return text.ToString();
    }
}
