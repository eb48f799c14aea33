namespace MediaScore.WebRtc;

/// <summary>
/// What a session tells its owner. Called on the loop's thread, which carries every other session too: return at once, never block, never throw.
/// </summary>
public interface IRtcEvents
{
    /// <summary>Sound and pictures. Copy what is to be kept.</summary>
    void OnFrame(in EncodedFrame frame);

    /// <param name="reason">Set with <see cref="RtcState.Closed"/>.</param>
    void OnState(RtcState state, CloseReason reason);
}

/// <summary>Where datagrams go out. The buffer is the caller's again on return.</summary>
internal interface IDatagramSink
{
    void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to);
}

/// <summary>Life of a session. Disconnected and back is possible; Closed is the end.</summary>
public enum RtcState : byte
{
    /// <summary>Answered; nobody has come yet.</summary>
    New,

    /// <summary>An authenticated check came; DTLS is on its way.</summary>
    Connecting,

    /// <summary>Media can flow.</summary>
    Connected,

    /// <summary>Consent was lost (RFC 7675); waits for the peer to come back.</summary>
    Disconnected,

    Closed,
}

/// <summary>Why a session closed; a metric's label.</summary>
public enum CloseReason : byte
{
    None,

    /// <summary>The owner closed it: DELETE, a newer connection, the interview's end.</summary>
    ByOwner,

    /// <summary>DTLS close_notify or a fatal alert.</summary>
    DtlsClosed,

    /// <summary>RTCP BYE for every source.</summary>
    Bye,

    /// <summary>No consent for longer than the grace.</summary>
    ConsentLost,

    /// <summary>Nobody came, or the handshake ran over its deadline.</summary>
    HandshakeTimeout,

    /// <summary>The certificate is not the one that the offer named, DTLS failed, or no common SRTP profile.</summary>
    HandshakeFailed,

    /// <summary>Longest session.</summary>
    MaxDuration,

    /// <summary>The process stops.</summary>
    Stopping,

    /// <summary>An exception: a bug of ours, in this session alone.</summary>
    Fault,
}
