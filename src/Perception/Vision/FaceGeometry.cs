namespace MediaScore.Perception.Vision;

/// <summary>A point in shares of the picture: 0, 0 is its upper left corner, 1, 1 its lower right one. May lie a little outside.</summary>
public readonly record struct FacePoint(double X, double Y);

/// <summary>A box in shares of the picture.</summary>
public readonly record struct FaceRectangle(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public double Area => Math.Max(0, Width) * Math.Max(0, Height);

    public FacePoint Center => new((Left + Right) / 2, (Top + Bottom) / 2);

    /// <summary>Intersection over union, 0 to 1.</summary>
    public double Overlap(FaceRectangle other)
    {
        var shared = new FaceRectangle(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).AreaOrZero();
        var united = Area + other.Area - shared;
        return united > 0 ? shared / united : 0;
    }

    /// <summary>The part that lies inside the picture.</summary>
    public FaceRectangle Clamped() => new(Math.Clamp(Left, 0, 1), Math.Clamp(Top, 0, 1), Math.Clamp(Right, 0, 1), Math.Clamp(Bottom, 0, 1));

    private double AreaOrZero() => Width > 0 && Height > 0 ? Width * Height : 0;
}

/// <summary>One face that a detector found.</summary>
/// <param name="Box">From forehead to chin, inside the picture.</param>
/// <param name="Score">The detector's, 0 to 1.</param>
/// <param name="Landmarks">
/// BlazeFace: the person's right eye, left eye, nose tip, middle of the mouth, right ear, left ear, in this order. Empty from detectors that give none.
/// </param>
public sealed record DetectedFace(FaceRectangle Box, double Score, IReadOnlyList<FacePoint> Landmarks);

/// <summary>Where a head is turned, in degrees; all 0 faces the camera. Left and right are the person's own.</summary>
/// <param name="YawDegrees">Turned to its left is positive.</param>
/// <param name="PitchDegrees">Up is positive.</param>
/// <param name="RollDegrees">Tilted to its left shoulder is positive.</param>
public readonly record struct HeadPose(double YawDegrees, double PitchDegrees, double RollDegrees);

/// <summary>Where the irises stand in the eyes, in eye widths (corner to corner), mean of both eyes; 0, 0 is the middle between the corners.</summary>
/// <param name="OffsetLeft">To the person's left is positive; about -0.25 to 0.25.</param>
/// <param name="OffsetUp">Up is positive. Lids, not only gaze, move it.</param>
public readonly record struct EyeGaze(double OffsetLeft, double OffsetUp);
