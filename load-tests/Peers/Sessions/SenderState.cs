using MediaScore.WebRtc;

namespace MediaScore.Peers.Sessions;

/// <summary>What a page sees as connectionState.</summary>
public enum SenderState : byte
{
    New,
    Connecting,
    Connected,

    /// <summary>Checks go unanswered; media are still sent for a while.</summary>
    Disconnected,

    /// <summary>Consent is gone or the handshake failed; an ICE restart may help against the former.</summary>
    Failed,

    /// <summary>We closed, or the server said so.</summary>
    Closed,
}

/// <summary>What a sender tells its owner, on the thread that drives it.</summary>
public interface ISenderObserver
{
    void OnState(SenderState state);

    /// <summary>A frame was handed to the packets: what the receiver should come to have.</summary>
    /// <param name="mediaTime">Capture time since the sender's media began.</param>
    void OnFrameSent(MediaKind kind, TimeSpan mediaTime, bool keyFrame, ReadOnlyMemory<byte> payload);
}
