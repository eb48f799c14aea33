using MediaScore.Benchmarks.Faces.Data;
using MediaScore.Perception.Vision;

namespace MediaScore.Benchmarks.Faces;

/// <summary>What was found in one photo, of its largest face.</summary>
/// <param name="Server">The embedding that the server's own path gives; empty where it gives none.</param>
/// <param name="Outside">The same weights outside of the pool, on the same crop; empty where there is none.</param>
/// <param name="Quality">Null without a face.</param>
/// <param name="LiveProbability">Null without a face.</param>
internal sealed record FaceReading(Photo Photo, float[] Server, float[] Outside, FaceQuality? Quality, double? LiveProbability)
{
    /// <summary>Why it cannot be compared; null where it can.</summary>
    public string? Failure => Quality is null ? "no face found" : Server.Length == 0 ? "no face mesh fits" : null;
}
