namespace MediaScore.Perception.Vision;

/// <summary>Which face detector looks at pictures.</summary>
public enum FaceDetectorKind
{
    /// <summary>MediaPipe's back-camera detector, 256 x 256, with six landmarks (Apache-2.0). The better one at small faces (docs/decisions/0003-face-detector.md).</summary>
    BlazeFace,

    /// <summary>Ultra-light RFB detector, 320 x 240, without landmarks: less than half the cost, misses half of the faces below 24 of 640 pixels (licence and origin: its card).</summary>
    Rfb320,
}

/// <summary>How faces are looked at. Section <c>Faces</c>.</summary>
public sealed class FaceAnalysisOptions
{
    /// <summary>Face detector: <c>BlazeFace</c> (default) or <c>Rfb320</c>, which costs less and misses small faces.</summary>
    public FaceDetectorKind Detector { get; set; } = FaceDetectorKind.BlazeFace;
}
