namespace MediaScore.Perception.Vision;

/// <summary>
/// What one detected face is worth for recognising its person: size, light, focus and how far it is turned, measured on pixels and landmarks alone, before any model is asked.
/// </summary>
/// <param name="Worth">0 to 1: the worst of the parts, so that no sharpness pays for darkness.</param>
/// <param name="Fault">The part behind it, where it is not a full 1.</param>
/// <param name="SizePixels">Smaller side of the face's box.</param>
/// <param name="Brightness">Mean luma of the face, 0 to 1.</param>
/// <param name="Sharpness">Variance of the Laplacian of the face at 112 pixels.</param>
/// <param name="Frontality">1: the nose stands between the eyes; 0: beside one of them. Null from detectors without landmarks.</param>
public readonly record struct FaceQuality(double Worth, FaceFault Fault, double SizePixels, double Brightness, double Sharpness, double? Frontality)
{
    // As wide as the embedder's crop.
    private const int MeasuredSide = 112;

    // How near to the picture's border a box may end, as a share of the picture: nearer, a part of the face is likely outside.
    private const double EdgeShare = 0.004;

    /// <summary>Measures one face. Pure.</summary>
    /// <param name="face">As a detector gave it for this picture.</param>
    public static FaceQuality Measure(RgbPicture picture, DetectedFace face)
    {
        var box = face.Box;
        var (width, height) = (box.Width * picture.Width, box.Height * picture.Height);
        var size = Math.Min(width, height);
        var map = new AffineMap(width / MeasuredSide, 0, box.Left * picture.Width, 0, height / MeasuredSide, box.Top * picture.Height);
        var luma = LumaMeasures.Of(picture, map, MeasuredSide, MeasuredSide);
        var frontality = FrontalityOf(picture, face.Landmarks);
        var (worth, fault) = Worst(
            (Between(size, 24, 80), FaceFault.TooFar),
            (IsAtEdge(box) ? 0.3 : 1, FaceFault.AtEdge),
            (Between(luma.Brightness, 0.06, 0.2), FaceFault.Dark),
            (Between(luma.Brightness, 0.92, 0.75), FaceFault.Overexposed),
            // A small face is enlarged, and has no fine detail to lose; a dark one is told that it is dark.
            (Between(luma.SharpnessAtUsualLight * Math.Max(1, MeasuredSide / size), 4, 25), FaceFault.Blurred),
            (frontality is { } front ? Between(front, 0.1, 0.5) : 1, FaceFault.TurnedAway));
        return new FaceQuality(Math.Round(worth, 3), worth < 1 ? fault : FaceFault.None, size, luma.Brightness, luma.Sharpness, frontality);
    }

    /// <summary>What the person can do about it; empty where nothing is wrong.</summary>
    public string Describe() => Fault switch
    {
        FaceFault.TooFar => "come closer",
        FaceFault.AtEdge => "step into the middle",
        FaceFault.Dark => "too dark",
        FaceFault.Overexposed => "too bright",
        FaceFault.Blurred => "not sharp: hold still, or clean the camera",
        FaceFault.TurnedAway => "look at the camera",
        _ => "",
    };

    private static (double Worth, FaceFault Fault) Worst(params ReadOnlySpan<(double Worth, FaceFault Fault)> parts)
    {
        var worst = parts[0];
        foreach (var part in parts)
        {
            if (part.Worth < worst.Worth)
                worst = part;
        }

        return worst;
    }

    /// <summary>0 at <paramref name="useless"/>, 1 at <paramref name="good"/> and beyond, a straight line between.</summary>
    private static double Between(double value, double useless, double good) => Math.Clamp((value - useless) / (good - useless), 0, 1);

    private static bool IsAtEdge(FaceRectangle box) => box.Left <= EdgeShare || box.Top <= EdgeShare || box.Right >= 1 - EdgeShare || box.Bottom >= 1 - EdgeShare;

    /// <summary>Where the nose stands along the line from eye to eye, as distance from the nearer eye: 0.5 in the middle, scaled to 1.</summary>
    private static double? FrontalityOf(RgbPicture picture, IReadOnlyList<FacePoint> landmarks)
    {
        if (landmarks.Count < 3)
            return null;
        var (rightX, rightY) = (landmarks[0].X * picture.Width, landmarks[0].Y * picture.Height);
        var (leftX, leftY) = (landmarks[1].X * picture.Width, landmarks[1].Y * picture.Height);
        var (noseX, noseY) = (landmarks[2].X * picture.Width, landmarks[2].Y * picture.Height);
        var (lineX, lineY) = (leftX - rightX, leftY - rightY);
        var length = (lineX * lineX) + (lineY * lineY);
        if (length <= 0)
            return 0;
        var along = (((noseX - rightX) * lineX) + ((noseY - rightY) * lineY)) / length;
        return Math.Clamp(2 * Math.Min(along, 1 - along), 0, 1);
    }
}
