namespace MediaScore.Peers.Dtls;

/// <summary>How the DTLS client behaves.</summary>
public sealed record DtlsPeerOptions
{
    /// <summary>SRTP profiles in order of wish. Default as Firefox offers what both sides know: 7, 8, 1 (RFC 7714, RFC 5764).</summary>
    public IReadOnlyList<int> SrtpProfiles { get; init; } = [7, 8, 1];

    /// <summary>
    /// Bytes of padding in the ClientHello (RFC 7685). Default 1100: with it the message is as long as Chromium's with its post-quantum key share and comes in two fragments.
    /// </summary>
    public int ClientHelloPaddingBytes { get; init; } = 1100;

    /// <summary>Largest record sent, so that fragments fit a path.</summary>
    public int MaxRecordBytes { get; init; } = 1200;

    /// <summary>First resend of a flight, doubled each time. Browsers begin at 50 to 400 ms.</summary>
    public int ResendMs { get; init; } = 250;

    /// <summary>After which the handshake has failed.</summary>
    public int HandshakeMs { get; init; } = 10_000;

    /// <summary>
    /// Called first on the handshake's own thread, which has the priority of the sender's thread that it was started from: handshakes are the candidate's computing, not its
    /// sending. Default null.
    /// </summary>
    public Action? ThreadBegan { get; init; }

    /// <summary>False: show no certificate, which a server has to refuse.</summary>
    public bool SendsCertificate { get; init; } = true;
}
