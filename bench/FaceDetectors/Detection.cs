namespace MediaScore.FaceDetectors;

/// <summary>A found face, in pixels of the picture.</summary>
internal readonly record struct Detection(float Left, float Top, float Right, float Bottom, float Score)
{
    public float CentreX => (Left + Right) / 2;

    public float CentreY => (Top + Bottom) / 2;

    /// <summary>Greedy suppression: of faces that overlap by more than this share of their union, the most certain stays.</summary>
    public static List<Detection> Suppress(IEnumerable<Detection> found, float largestOverlap)
    {
        var kept = new List<Detection>();
        foreach (var candidate in found.OrderByDescending(detection => detection.Score))
        {
            if (kept.All(other => candidate.Overlap(other) <= largestOverlap))
                kept.Add(candidate);
        }

        return kept;
    }

    private float Overlap(Detection other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
            return 0;
        var common = width * height;
        return common / (((Right - Left) * (Bottom - Top)) + ((other.Right - other.Left) * (other.Bottom - other.Top)) - common);
    }
}
