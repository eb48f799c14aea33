using MediaScore.Peers.Sessions;

namespace MediaScore.WebRtc.Tests.Peers;

/// <summary>All that a sender sent.</summary>
internal sealed class SentMedia : ISenderObserver
{
    public List<(TimeSpan Time, ReadOnlyMemory<byte> Payload)> Audio { get; } = [];

    public List<(TimeSpan Time, ReadOnlyMemory<byte> Payload)> Video { get; } = [];

    public List<SenderState> States { get; } = [];

    /// <summary>From here on nothing is noted.</summary>
    public bool Frozen { get; set; }

    public void OnState(SenderState state) => States.Add(state);

    public void OnFrameSent(MediaKind kind, TimeSpan mediaTime, bool keyFrame, ReadOnlyMemory<byte> payload)
    {
        if (!Frozen)
            (kind == MediaKind.Audio ? Audio : Video).Add((mediaTime, payload));
    }
}

/// <summary>All that a session handed on.</summary>
internal sealed class ReceivedMedia : IRtcEvents
{
    public List<ReceivedFrame> Audio { get; } = [];

    public List<ReceivedFrame> Video { get; } = [];

    public List<(RtcState State, CloseReason Reason)> States { get; } = [];

    /// <summary>Set by whoever drives the session.</summary>
    public Instant Now { get; set; }

    public void OnFrame(in EncodedFrame frame) =>
        (frame.Kind == MediaKind.Audio ? Audio : Video).Add(new ReceivedFrame(frame.MediaTimeUs, frame.KeyFrame, frame.LostBefore, frame.Payload.ToArray(), Now));

    public void OnState(RtcState state, CloseReason reason) => States.Add((state, reason));
}

internal sealed record ReceivedFrame(long MediaTimeUs, bool KeyFrame, int LostBefore, byte[] Payload, Instant At);
