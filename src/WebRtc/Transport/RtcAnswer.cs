namespace MediaScore.WebRtc.Transport;

/// <summary>What the owner of a session lets the peer send.</summary>
public sealed record RtcAnswerOptions
{
    public bool AcceptAudio { get; init; } = true;

    public bool AcceptVideo { get; init; } = true;

    /// <summary>The one video codec that is answered, for a session that continues a recording in that codec; null takes the best that is offered.</summary>
    public RtpCodec? RequiredVideo { get; init; }
}

/// <summary>Why an offer got no session.</summary>
public enum RtcRefusal : byte
{
    None,

    /// <summary>Not SDP, or over a bound of the parser: HTTP 400.</summary>
    BadOffer,

    /// <summary>SDP, but nothing in it that can be answered: HTTP 422.</summary>
    Unacceptable,

    /// <summary>As many sessions as there may be: HTTP 503.</summary>
    Full,

    /// <summary>The server stops: HTTP 503.</summary>
    Draining,
}

/// <summary>Answer to an offer.</summary>
/// <param name="Message">For the person who debugs the sender; empty when answered.</param>
/// <param name="Sdp">The answer; null when refused.</param>
/// <param name="Connection">Null when refused.</param>
public sealed record RtcAnswer(RtcRefusal Refusal, string Message, string? Sdp, RtcConnection? Connection)
{
    /// <summary>Without the SDP, which holds a password.</summary>
    public override string ToString() => Refusal == RtcRefusal.None ? "answer" : $"{Refusal}: {Message}";
}

/// <summary>Answer to a request for an ICE restart.</summary>
public enum IceRestartRefusal : byte
{
    None,

    /// <summary>Not a fragment of RFC 8840: HTTP 400.</summary>
    BadFragment,

    /// <summary>The fragment has no new credentials, so it asks for no restart: trickled candidates, which an ICE-lite server needs not. HTTP 204.</summary>
    NoRestart,

    /// <summary>The session is over: HTTP 404.</summary>
    Closed,
}

/// <param name="Fragment">Our new credentials and candidates as <c>application/trickle-ice-sdpfrag</c>; null when refused.</param>
public sealed record IceRestartResult(IceRestartRefusal Refusal, string? Fragment)
{
    /// <summary>Without the fragment, which holds a password.</summary>
    public override string ToString() => $"ICE restart: {Refusal}";
}
