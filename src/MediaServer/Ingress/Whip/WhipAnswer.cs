using MediaScore.MediaServer.Sessions;
using MediaScore.WebRtc.Transport;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>Answer to a POST.</summary>
/// <param name="Status">201, or why not.</param>
/// <param name="Problem">Type of the problem document; empty when answered.</param>
/// <param name="Sdp">Null when refused.</param>
/// <param name="Refusal">Set where the interview, not the offer, is the reason.</param>
internal sealed record WhipAnswer(int Status, string Problem, string Message, string? Sdp, WhipConnection? Connection, CandidateOutcome? Refusal = null)
{
    public static WhipAnswer Refuse(CandidateOutcome refusal) => new(0, "", refusal.Message, null, null, refusal);

    public static WhipAnswer Refuse(int status, string problem, string message) => new(status, problem, message, null, null);

    public static WhipAnswer Refuse(RtcRefusal refusal, string message) => refusal switch
    {
        RtcRefusal.BadOffer => Refuse(StatusCodes.Status400BadRequest, "bad-offer", message),
        RtcRefusal.Unacceptable => Refuse(StatusCodes.Status422UnprocessableEntity, "unacceptable-offer", message),
        RtcRefusal.Draining => Refuse(StatusCodes.Status503ServiceUnavailable, "restarting", "The server is about to be restarted; the interview goes on after that."),
        _ => Refuse(StatusCodes.Status503ServiceUnavailable, "busy", message),
    };
}
