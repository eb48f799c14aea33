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
/// <param name="Fault">The fault behind a verdict that is not <see cref="PictureVerdict.Good"/>.</param>
public readonly record struct PictureQuality(double Brightness, double Sharpness, PictureVerdict Verdict, PictureFault Fault)
{
    private const int MeasuredWidth = 320;

    /// <summary>Measures one picture. Pure; a picture narrower than 320 pixels is measured as it is.</summary>
    public static PictureQuality Measure(RgbPicture picture)
    {
        var width = Math.Min(picture.Width, MeasuredWidth);
        var height = Math.Max(1, (int)Math.Round((double)picture.Height * width / picture.Width));
        var luma = LumaMeasures.Of(picture, AffineMap.Stretch(width, height, picture.Width, picture.Height), width, height);
        var (verdict, fault) = Judge(luma);
        return new PictureQuality(luma.Brightness, luma.Sharpness, verdict, fault);
    }

    /// <summary>
    /// Bounds from 25 LFW portraits (640 pixels wide), darkened, brightened and blurred in steps: faces are still found far beyond them, but the mean cosine of a face's
    /// embedding with its untouched self falls to 0.91 at brightness 0.09 and 0.69 at 0.04, to 0.86 at 0.59 by overexposure (in 40 % of pictures no face is found at
    /// 0.74), and to 0.95 at sharpness 8 and 0.77 at 3 by blur. Sharp portraits lie between 21 and 185.
    /// </summary>
    private static (PictureVerdict Verdict, PictureFault Fault) Judge(LumaMeasures luma)
    {
        var (byLight, lightFault) = luma.Brightness switch
        {
            < 0.03 => (PictureVerdict.Unusable, PictureFault.Dark),
            < 0.08 => (PictureVerdict.Poor, PictureFault.Dark),
            > 0.85 => (PictureVerdict.Unusable, PictureFault.Overexposed),
            > 0.72 => (PictureVerdict.Poor, PictureFault.Overexposed),
            _ => (PictureVerdict.Good, PictureFault.None),
        };
        var bySharpness = luma.SharpnessAtUsualLight switch
        {
            < 3 => PictureVerdict.Unusable,
            < 8 => PictureVerdict.Poor,
            _ => PictureVerdict.Good,
        };
        // Bad light also blurs; naming the light is what the candidate can mend.
        var fault = lightFault != PictureFault.None ? lightFault : bySharpness != PictureVerdict.Good ? PictureFault.Blurred : PictureFault.None;
        return ((PictureVerdict)Math.Max((int)byLight, (int)bySharpness), fault);
    }
}
