namespace MediaScore.Perception.Vision;

/// <summary>Which face detector looks at pictures.</summary>
public enum FaceDetectorKind
{
    /// <summary>MediaPipe's full-range-of-arm detector with six landmarks (Apache-2.0).</summary>
    BlazeFace,

    /// <summary>Ultra-light RFB detector (licence of the weights: as its package says, see its card): for small faces.</summary>
    Rfb320,
}

/// <summary>How faces are looked at. Section <c>Faces</c>.</summary>
public sealed class FaceAnalysisOptions
{
    /// <summary>Face detector: <c>BlazeFace</c> (default) or <c>Rfb320</c>.</summary>
    public FaceDetectorKind Detector { get; set; } = FaceDetectorKind.BlazeFace;
}
