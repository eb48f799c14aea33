namespace MediaScore.Perception.Vision;

/// <summary>What face models may do with a picture.</summary>
public enum PictureVerdict
{
    Good,

    /// <summary>Judge with care.</summary>
    Poor,

    /// <summary>Do not judge.</summary>
    Unusable,
}

/// <summary>What keeps a picture from being judged.</summary>
public enum PictureFault { None, Dark, Overexposed, Blurred }

/// <summary>Can a picture be judged at all? Measured on the pixels alone, before any face model.</summary>
/// <param name="Brightness">Mean luma (BT.601), 0 to 1.</param>
/// <param name="Sharpness">Variance of the Laplacian of luma (0 to 255) at 320 pixels width.</param>
/// <param name="Fault">The worst fault behind a verdict that is not <see cref="PictureVerdict.Good"/>.</param>
public readonly record struct PictureQuality(double Brightness, double Sharpness, PictureVerdict Verdict, PictureFault Fault)
{
    /// <summary>Measures one picture. Pure; a picture narrower than 320 pixels is measured as it is.</summary>
    public static PictureQuality Measure(RgbPicture picture) => throw new NotSupportedException($"Lands within the hour {picture.Width}.");
}
