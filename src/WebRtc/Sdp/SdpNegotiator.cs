namespace MediaScore.WebRtc.Sdp;

/// <summary>Offer and our abilities to answer and what both agreed on (RFC 3264, RFC 9429): a pure function that never throws.</summary>
internal static class SdpNegotiator
{
    public static SdpAnswerResult Answer(string offer, SdpAnswerParameters parameters) =>
        new(SdpRefusal.Unacceptable, "Nothing is answered yet.", null, null);
}
