using MediaScore.Peers.Sources;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Sessions;

/// <summary>One microphone or camera: a source, and the streams that carry it (one, or one a simulcast layer).</summary>
internal sealed class SenderTrack(IMediaSource source, List<SendStream> streams, double clockSkewPpm, TimeSpan latency)
{
    private readonly double _clockRate = 1 + clockSkewPpm * 1e-6;

    public IMediaSource Source => source;

    public MediaKind Kind => source.Codec == RtpCodec.Opus ? MediaKind.Audio : MediaKind.Video;

    public List<SendStream> Streams => streams;

    public Instant? Began { get; set; }

    public long FrameCount { get; set; }

    public long KeyFrameCount { get; set; }

    /// <summary>Frames that were due while nothing could be sent.</summary>
    public long NotSentCount { get; set; }

    /// <summary>When the next unit is to be sent. The device's clock decides: a microphone that is too fast is done with its 20 ms too soon.</summary>
    public Instant NextDue => Began is not { } began
        ? Instant.Never
        : began + TimeSpan.FromTicks((long)(source.NextTime.Ticks / _clockRate)) + latency;

    /// <summary>The device's time, for sender reports.</summary>
    public TimeSpan DeviceTime(Instant now) => TimeSpan.FromTicks((long)((now - Began!.Value).Ticks * _clockRate));
}
