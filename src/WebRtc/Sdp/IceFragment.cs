using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Sdp;

/// <summary>Bodies of WHIP's PATCH: <c>application/trickle-ice-sdpfrag</c> (RFC 8840, RFC 9725, 4.3).</summary>
internal static class IceFragment
{
    public const string MediaType = "application/trickle-ice-sdpfrag";

    /// <summary>False where it is not a fragment or over a bound.</summary>
    public static bool TryParse(string body, out IceFragmentContent content)
    {
        content = new IceFragmentContent(null, 0, EndOfCandidates: false);
        return false;
    }

    /// <summary>Our answer to a restart.</summary>
    public static string Write(NegotiatedSession session, IceCredentials local, IReadOnlyList<IceCandidate> candidates) => "";
}
