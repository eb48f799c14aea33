using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc;

/// <summary>One session's deadlines and what its streams may do; made from <see cref="RtcOptions"/>, where the reasons are.</summary>
internal sealed record RtcSessionOptions
{
    public TimeSpan Arrival { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConsentGrace { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(4);

    public MediaReceiverOptions Media { get; init; } = new();

    public static RtcSessionOptions From(RtcOptions options, double keyFramePhase) => new()
    {
        Arrival = TimeSpan.FromSeconds(options.ArrivalSeconds),
        Handshake = TimeSpan.FromSeconds(options.HandshakeSeconds),
        ConsentGrace = TimeSpan.FromSeconds(options.ConsentGraceSeconds),
        MaxDuration = TimeSpan.FromMinutes(options.MaxSessionMinutes),
        Media = new MediaReceiverOptions { KeyFramePeriod = TimeSpan.FromMilliseconds(options.KeyFramePeriodMs), KeyFramePhase = keyFramePhase },
    };
}
