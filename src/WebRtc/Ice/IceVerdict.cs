namespace MediaScore.WebRtc.Ice;

/// <summary>What became of one STUN message; a metric's label.</summary>
internal enum IceVerdict : byte
{
    /// <summary>Not STUN, or its lengths lie. Nothing is answered.</summary>
    Malformed,

    /// <summary>Not a binding request: an indication, an answer. Nothing is answered.</summary>
    Ignored,

    /// <summary>No or wrong user name, integrity or fingerprint. Nothing is answered: the sender's address may be a victim's.</summary>
    Unauthenticated,

    /// <summary>The peer's, but refused with an error that is to be sent (420, 487).</summary>
    Refused,

    /// <summary>The peer's; the success is to be sent.</summary>
    Accepted,
}

internal enum IceState : byte
{
    /// <summary>No check came yet.</summary>
    New,

    Connected,

    /// <summary>No check for longer than consent lasts (RFC 7675).</summary>
    Disconnected,
}
