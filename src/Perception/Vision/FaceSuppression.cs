namespace MediaScore.Perception.Vision;

/// <summary>Makes one face of the many overlapping candidates that a detector gives for it. Deterministic: equal scores keep the detector's order.</summary>
internal static class FaceSuppression
{
    /// <summary>Non-maximum suppression: of overlapping candidates the best stays as it is.</summary>
    internal static List<DetectedFace> Keep(IEnumerable<DetectedFace> candidates, double maxOverlap)
    {
        var kept = new List<DetectedFace>();
        foreach (var candidate in candidates.OrderByDescending(face => face.Score))
        {
            if (kept.TrueForAll(face => face.Box.Overlap(candidate.Box) <= maxOverlap))
                kept.Add(candidate);
        }

        return kept;
    }

    /// <summary>MediaPipe's weighted version: of overlapping candidates the mean, weighted by score, which trembles less from picture to picture.</summary>
    internal static List<DetectedFace> Blend(IEnumerable<DetectedFace> candidates, double maxOverlap)
    {
        var blended = new List<DetectedFace>();
        var left = candidates.OrderByDescending(face => face.Score).ToList();
        while (left.Count > 0)
        {
            var best = left[0];
            var same = left.Where(face => face.Box.Overlap(best.Box) > maxOverlap).DefaultIfEmpty(best).ToList();
            left = [.. left.Skip(1).Where(face => face.Box.Overlap(best.Box) <= maxOverlap)];
            blended.Add(Mean(same, best.Score));
        }

        return blended;
    }

    private static DetectedFace Mean(List<DetectedFace> faces, double score)
    {
        var weight = faces.Sum(face => face.Score);
        var box = new FaceRectangle(Weighted(face => face.Box.Left), Weighted(face => face.Box.Top), Weighted(face => face.Box.Right), Weighted(face => face.Box.Bottom));
        var landmarks = new FacePoint[faces[0].Landmarks.Count];
        for (var i = 0; i < landmarks.Length; i++)
        {
            var index = i;
            landmarks[i] = new FacePoint(Weighted(face => face.Landmarks[index].X), Weighted(face => face.Landmarks[index].Y));
        }

        return new DetectedFace(box, score, landmarks);

        double Weighted(Func<DetectedFace, double> value) => faces.Sum(face => face.Score * value(face)) / weight;
    }
}
