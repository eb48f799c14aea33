using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Dtls;

/// <summary>Where a handshake stands. Only forwards.</summary>
internal enum DtlsState : byte
{
    /// <summary>No ClientHello yet.</summary>
    New,

    Handshaking,

    /// <summary>The client proved to own the certificate of the offer; <see cref="IDtlsServer.Keys"/> is set.</summary>
    Connected,

    /// <summary>The peer said close_notify or a fatal alert after the handshake, or we closed.</summary>
    Closed,

    /// <summary>The handshake did not succeed; a fatal alert went out where one could.</summary>
    Failed,
}

/// <summary>Takes what DTLS wants sent. The buffer is the caller's again on return.</summary>
internal interface IDtlsOutput
{
    void SendDtls(ReadOnlySpan<byte> datagram);
}

/// <summary>
/// The passive side of one DTLS association. No I/O: datagrams and time go in, datagrams come out of <see cref="Advance"/>. Used by one thread. BouncyCastle
/// is behind it today; a stack with DTLS 1.3 can be tomorrow.
/// </summary>
internal interface IDtlsServer : IDisposable
{
    /// <summary>As of the last <see cref="Advance"/>.</summary>
    DtlsState State { get; }

    /// <summary>What DTLS is there for (RFC 5764). Null before <see cref="DtlsState.Connected"/>; the taker disposes them.</summary>
    SrtpKeys? Keys { get; }

    /// <summary>Takes one datagram of a peer whose address ICE has validated. Call <see cref="Advance"/> after it. Never throws.</summary>
    void Receive(ReadOnlySpan<byte> datagram, in RemoteAddress from, Instant now);

    /// <summary>Hands over what is to be sent and brings <see cref="State"/> up to date.</summary>
    void Advance(IDtlsOutput output);

    /// <summary>Says goodbye (close_notify, or nothing before there are keys) and ends. Idempotent.</summary>
    void Close(IDtlsOutput output);
}
