using MediaScore.WebRtc;

namespace MediaScore.Peers.Sources;

/// <summary>What a track sends next. One sender's, not thread safe.</summary>
internal interface IMediaSource
{
    RtpCodec Codec { get; }

    /// <summary>When <see cref="Read"/> is due, from the source's beginning; never runs backwards.</summary>
    TimeSpan NextTime { get; }

    /// <summary>Takes the unit that is due.</summary>
    SourceUnit Read();

    /// <summary>The receiver asked for a key frame (PLI, FIR).</summary>
    void RequestKeyFrame();
}

/// <param name="Payload">Empty where nothing is sent for this time (DTX, muted).</param>
/// <param name="StartsTalkSpurt">First packet after nothing was sent: the marker bit of audio (RFC 3551, 4.1).</param>
/// <param name="LevelDbov">RFC 6464, -127 to 0.</param>
/// <param name="Voice">RFC 6464's V bit.</param>
internal readonly record struct SourceUnit(
    TimeSpan Time, bool KeyFrame, ReadOnlyMemory<byte> Payload, bool StartsTalkSpurt = false, int LevelDbov = -127, bool Voice = false);
