using System.Text.Json.Serialization;

namespace MediaScore.Timeline;

/// <summary>One decoded key frame, before any face model: can it be judged at all?</summary>
/// <param name="Brightness">Mean luma, 0 to 1.</param>
/// <param name="Sharpness">Variance of the Laplacian of luma (0..255) at 320 pixels width: under 8 (at usual light) is a blur.</param>
/// <param name="Verdict">What the face models may do with it.</param>
public sealed record PictureSample(MediaRange Range, int Width, int Height, double Brightness, double Sharpness, QualityVerdict Verdict) : Observation(Range);

/// <summary>What the face models saw on one key frame.</summary>
/// <param name="FaceCount">Faces above the detector's threshold.</param>
/// <param name="Main">The largest face; null without one.</param>
public sealed record FaceSample(MediaRange Range, int FaceCount, FaceFinding? Main) : Observation(Range);

/// <summary>The main face of one key frame.</summary>
/// <param name="Box">In shares of the frame, 0 to 1.</param>
/// <param name="DetectionScore">The detector's, 0 to 1.</param>
/// <param name="YawDegrees">Head turned to the candidate's left is positive; null where gaze is not permitted.</param>
/// <param name="PitchDegrees">Head up is positive.</param>
/// <param name="RollDegrees">Head tilted to the candidate's left shoulder is positive.</param>
/// <param name="LooksAtCamera">Head and eyes within the cone of the camera; null where it cannot be said.</param>
public sealed record FaceFinding(FaceBox Box, double DetectionScore, double? YawDegrees, double? PitchDegrees, double? RollDegrees, bool? LooksAtCamera);

/// <summary>A box in shares of the frame: left, top, right, bottom, 0 to 1.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public readonly record struct FaceBox(double Left, double Top, double Right, double Bottom)
{
    [JsonIgnore]
    public double Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);
}
