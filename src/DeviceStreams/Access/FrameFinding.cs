using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Access;

/// <summary>What one frame showed, and the pass's decision where it brought it.</summary>
/// <param name="PassId">0 without a face.</param>
/// <param name="Reason">For the person at the door.</param>
internal sealed record FrameFinding(FrameVerdict Verdict, ulong PassId, int FaceCount, FaceRectangle? Box, double Worth, string Reason, PassDecision? Decision)
{
    /// <summary>Of the pass before, where this frame ended that one too, and decided its own.</summary>
    public PassDecision? EarlierDecision { get; init; }
}
