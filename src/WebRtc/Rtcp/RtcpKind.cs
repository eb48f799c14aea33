namespace MediaScore.WebRtc.Rtcp;

/// <summary>Packets that have a typed view.</summary>
internal enum RtcpKind : byte
{
    /// <summary>Of another type or format: to be skipped.</summary>
    Other,

    /// <summary>Of a known type, but too short for what it says, or with a padding that cannot be.</summary>
    Malformed,

    SenderReport,
    ReceiverReport,
    Sdes,
    Bye,

    /// <summary>Generic NACK (RFC 4585, 6.2.1).</summary>
    Nack,

    /// <summary>Picture loss indication (RFC 4585, 6.3.1).</summary>
    Pli,

    /// <summary>Full intra request (RFC 5104, 4.3.1).</summary>
    Fir,

    /// <summary>draft-alvestrand-rmcat-remb-03.</summary>
    Remb,

    /// <summary>draft-holmer-rmcat-transport-wide-cc-extensions-01.</summary>
    TransportFeedback,
}
