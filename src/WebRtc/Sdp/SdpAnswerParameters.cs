using MediaScore.WebRtc.Ice;

namespace MediaScore.WebRtc.Sdp;

/// <summary>What we bring to an answer.</summary>
/// <param name="LocalIce">Ours, fresh for this session.</param>
/// <param name="LocalFingerprintSha256Hex">Of our certificate: 32 octets as <c>AA:BB:...</c>.</param>
/// <param name="SessionId">Of the <c>o=</c> line; random, below 2^63 (RFC 9429, 5.2.1).</param>
/// <param name="Candidates">All that we have; none come later.</param>
internal sealed record SdpAnswerParameters(IceCredentials LocalIce, string LocalFingerprintSha256Hex, ulong SessionId, IReadOnlyList<IceCandidate> Candidates)
{
    public bool AcceptAudio { get; init; } = true;

    public bool AcceptVideo { get; init; } = true;

    /// <summary>First one that is offered is taken. H.264 first: it costs half of VP8's to decode a key frame.</summary>
    public IReadOnlyList<RtpCodec> VideoPreference { get; init; } = [RtpCodec.H264, RtpCodec.Vp8];

    /// <summary>The only video codec that will do, because a recording has begun with it. An offer of video without it is refused.</summary>
    public RtpCodec? RequiredVideo { get; init; }

    public override string ToString() => "SDP answer parameters";
}
