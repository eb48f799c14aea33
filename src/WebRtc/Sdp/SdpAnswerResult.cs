namespace MediaScore.WebRtc.Sdp;

internal enum SdpRefusal : byte
{
    None,

    /// <summary>Not SDP, or over a bound: HTTP 400.</summary>
    BadSyntax,

    /// <summary>SDP, but an offer that cannot be answered: HTTP 422.</summary>
    Unacceptable,
}

/// <summary>An answer, or why there is none.</summary>
/// <param name="Message">For the one who offered: what is missing and what would do. Holds nothing secret of the offer.</param>
/// <param name="Answer">Set when not refused.</param>
/// <param name="Session">Set when not refused.</param>
internal sealed record SdpAnswerResult(SdpRefusal Refusal, string Message, string? Answer, NegotiatedSession? Session)
{
    public override string ToString() => Refusal == SdpRefusal.None ? "SDP answer" : $"{Refusal}: {Message}";
}
