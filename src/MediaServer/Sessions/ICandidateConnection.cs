using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Sessions;

/// <summary>The connection that a candidate's browser has now. Thread-safe.</summary>
internal interface ICandidateConnection
{
    /// <summary>State, transport, loss, jitter and round trip; refreshed about once a second.</summary>
    RtcStatistics Statistics { get; }

    /// <summary>Records what has come so far, and closes. Completes when the last frame is recorded.</summary>
    Task FinishAsync();
}
