namespace MediaScore.Perception.Vision;

/// <summary>What is asked about faces. The model of a feature that nobody asked for is never loaded.</summary>
[Flags]
public enum FaceFeatures
{
    None = 0,

    /// <summary>Where faces are, and how many.</summary>
    Presence = 1,

    /// <summary>Where the main face's head is turned.</summary>
    Pose = 2,

    /// <summary>Where its eyes are turned; with <see cref="Pose"/>, whether it looks at the camera.</summary>
    Gaze = 4,

    /// <summary>Its embedding: biometric data.</summary>
    Identity = 8,

    /// <summary>Whether a living face is there, or a picture of one.</summary>
    Liveness = 16,
}
