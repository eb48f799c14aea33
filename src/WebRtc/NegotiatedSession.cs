namespace MediaScore.WebRtc;

/// <summary>What offer and answer agreed on; all that ICE, DTLS and RTP need to know of SDP.</summary>
/// <param name="LocalIce">Ours, from the answer.</param>
/// <param name="RemoteIce">The peer's, from the offer.</param>
/// <param name="Fingerprints">Of the peer's certificate; any one of them must match.</param>
/// <param name="Media">At most one of a kind, in the order of the m-lines.</param>
internal sealed record NegotiatedSession(
    IceCredentials LocalIce, IceCredentials RemoteIce, IReadOnlyList<DtlsFingerprint> Fingerprints, IReadOnlyList<NegotiatedMedia> Media);

/// <summary>ICE user name fragment and password (RFC 8839, 5.4). Secret: not shown by <see cref="ToString"/>.</summary>
public sealed record IceCredentials(string UserFragment, string Password)
{
    public override string ToString() => "ICE credentials";
}

/// <param name="Algorithm">Lower case: <c>sha-256</c>, <c>sha-384</c>, <c>sha-512</c>.</param>
internal sealed record DtlsFingerprint(string Algorithm, byte[] Value);

/// <summary>One accepted m-line.</summary>
/// <param name="Mid">RFC 5888.</param>
/// <param name="PayloadType">Of the codec in the offer's numbering.</param>
/// <param name="RtxPayloadType">Retransmission (RFC 4588); null where the offer has none.</param>
/// <param name="ClockRate">Hz: 48000 or 90000.</param>
/// <param name="Extensions">Header extensions that were answered.</param>
/// <param name="Feedback">RTCP feedback that was answered.</param>
/// <param name="Ssrc">Signalled media SSRC; null where the offer has none.</param>
/// <param name="RtxSsrc">Signalled RTX SSRC (ssrc-group FID).</param>
/// <param name="Rid">The one simulcast layer that was answered (RFC 8853), or null.</param>
internal sealed record NegotiatedMedia(
    MediaKind Kind, string Mid, RtpCodec Codec, byte PayloadType, byte? RtxPayloadType, int ClockRate, HeaderExtensionIds Extensions, RtcpFeedbackKinds Feedback,
    uint? Ssrc = null, uint? RtxSsrc = null, string? Rid = null)
{
    /// <summary>H.264: SPS and PPS that the offer brought out of band (RFC 6184, 8.1), NAL units without start code. A sender that does so may leave them out of the stream.</summary>
    public IReadOnlyList<byte[]> ParameterSets { get; init; } = [];
}

/// <summary>RFC 8285 ids; 0 where an extension was not negotiated.</summary>
internal readonly record struct HeaderExtensionIds(
    byte Mid, byte Rid, byte RepairedRid, byte TransportSequence, byte AbsoluteSendTime, byte AudioLevel, byte VideoOrientation);

[Flags]
internal enum RtcpFeedbackKinds : byte
{
    None = 0,
    Nack = 1,
    Pli = 2,
    Fir = 4,
    TransportCc = 8,
    Remb = 16,
}
