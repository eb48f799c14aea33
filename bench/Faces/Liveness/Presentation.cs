namespace MediaScore.Benchmarks.Faces.Liveness;

/// <summary>What stands before the camera.</summary>
internal enum Presentation
{
    /// <summary>The photo or frame itself: somebody lived there.</summary>
    Real,

    /// <summary>Simulated: the photo on a white sheet whose edge is in sight.</summary>
    Paper,

    /// <summary>Simulated: the photo on a screen, with the beat of its stripes and a black frame.</summary>
    Screen,

    /// <summary>Simulated: a print so near that its edge is out of sight.</summary>
    ClosePrint,
}
