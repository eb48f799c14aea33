using MediaScore.Timeline;

namespace MediaScore.Pipelines.Frames;

/// <summary>What became of one packet's time stamp.</summary>
public enum ClockVerdict
{
    /// <summary>Placed as told, or moved by no more than the tolerances.</summary>
    Steady,

    /// <summary>Placed as told; media is missing before it.</summary>
    JumpedForward,

    /// <summary>The client's clock ran backwards; the packet follows the one before, and so do all later ones.</summary>
    JumpedBackward,

    /// <summary>Jumped further than is believed. The packet has no place, and the clock stands as it stood.</summary>
    Refused,
}

/// <summary>Where one packet lies on the interview's clock.</summary>
/// <param name="Verdict">How it came to lie there.</param>
/// <param name="Time">Its first sample or its picture; never before the packet before. Meaningless when refused.</param>
/// <param name="Hole">The missing media when <see cref="ClockVerdict.JumpedForward"/>, else empty at <paramref name="Time"/>.</param>
/// <param name="Jump">How far the stamp was from where it was expected; negative is backwards.</param>
/// <param name="PacketsLost">Whether sequence numbers are missing before it.</param>
public readonly record struct TrackTime(ClockVerdict Verdict, MediaTime Time, MediaRange Hole, TimeSpan Jump, bool PacketsLost)
{
    /// <summary>The observation this calls for, or null.</summary>
    /// <param name="track">Track name: <c>audio</c> or <c>video</c>.</param>
    public MediaGap? ToObservation(string track) => Verdict switch
    {
        ClockVerdict.JumpedForward => new MediaGap(Hole, track, PacketsLost ? GapReasons.PacketsLost : GapReasons.ClockJumpedForward),
        ClockVerdict.JumpedBackward => new MediaGap(Hole, track, GapReasons.ClockJumpedBackward),
        _ => null,
    };
}
