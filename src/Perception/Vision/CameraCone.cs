namespace MediaScore.Perception.Vision;

/// <summary>
/// Does a face look at the camera? Head within a cone and irises near the middle of the eyes. The bounds are geometry, not training: at an arm's length and a half
/// (0.9 m) a laptop's screen ends about 20 degrees below and 15 beside its camera, and looking at the interviewer on the screen shall count. All of 75 frames of talking
/// heads that look at the camera lie inside; there was no labelled material of people who look away, so how many of those it catches is not known.
/// </summary>
internal static class CameraCone
{
    private const double MaxYawDegrees = 25;
    private const double MaxPitchDegrees = 22;

    // In eye widths. An eyeball has a radius of 12 mm and an eye a width of 30 mm, so this is asin(0.15 x 30 / 12) = 22 degrees to the side.
    private const double MaxIrisOffset = 0.15;

    /// <summary>Up and down the lids move with the eyes and hide the iris, so only the head's pitch counts.</summary>
    internal static bool? Looks(HeadPose? pose, EyeGaze? gaze) => pose is not { } head || gaze is not { } eyes
        ? null
        : Math.Abs(head.YawDegrees) <= MaxYawDegrees && Math.Abs(head.PitchDegrees) <= MaxPitchDegrees && Math.Abs(eyes.OffsetLeft) <= MaxIrisOffset;
}
