namespace MediaScore.Perception.Vision;

/// <summary>How a model wants its pixels: <c>value x scale + offset</c> a channel, and where the channel axis stands. What lies outside the picture is black.</summary>
/// <param name="Planar">True for <c>[3, height, width]</c>, false for <c>[height, width, 3]</c>.</param>
internal sealed record PixelEncoding(bool Planar, (float Red, float Green, float Blue) Scale, (float Red, float Green, float Blue) Offset)
{
    internal static PixelEncoding Uniform(bool planar, double scale, double offset) =>
        new(planar, ((float)scale, (float)scale, (float)scale), ((float)offset, (float)offset, (float)offset));

    /// <summary><c>(value / 255 - mean) / deviation</c>.</summary>
    internal static PixelEncoding Standardised(bool planar, (double Red, double Green, double Blue) mean, (double Red, double Green, double Blue) deviation) => new(
        planar,
        ((float)(1 / (255 * deviation.Red)), (float)(1 / (255 * deviation.Green)), (float)(1 / (255 * deviation.Blue))),
        ((float)(-mean.Red / deviation.Red), (float)(-mean.Green / deviation.Green), (float)(-mean.Blue / deviation.Blue)));
}
