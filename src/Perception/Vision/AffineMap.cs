namespace MediaScore.Perception.Vision;

/// <summary>
/// Maps points of one picture to another: <c>x' = XX x + XY y + X0</c>, <c>y' = YX x + YY y + Y0</c>. Continuous coordinates: the upper left pixel covers 0 to 1
/// and has its centre at 0.5, 0.5, so scaling needs no half-pixel corrections.
/// </summary>
internal readonly record struct AffineMap(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    internal (double X, double Y) Apply(double x, double y) => ((XX * x) + (XY * y) + X0, (YX * x) + (YY * y) + Y0);

    /// <summary>Side of the square that one unit square becomes, area kept.</summary>
    internal double Scale => Math.Sqrt(Math.Abs((XX * YY) - (XY * YX)));

    /// <summary>Stretches <c>width x height</c> over all of <c>targetWidth x targetHeight</c>.</summary>
    internal static AffineMap Stretch(int width, int height, int targetWidth, int targetHeight) =>
        new((double)targetWidth / width, 0, 0, 0, (double)targetHeight / height, 0);

    /// <summary>A square crop of <paramref name="side"/> pixels, turned by <paramref name="angle"/> (radians, clockwise as seen), to a square of <paramref name="outputSide"/>: output to picture.</summary>
    /// <param name="mirrored">The crop is flipped left to right.</param>
    internal static AffineMap Crop(double centerX, double centerY, double side, double angle, int outputSide, bool mirrored = false)
    {
        var scale = side / outputSide;
        var (sin, cos) = Math.SinCos(angle);
        var flip = mirrored ? -1 : 1;
        var half = outputSide / 2.0;
        var map = new AffineMap(flip * scale * cos, -scale * sin, 0, flip * scale * sin, scale * cos, 0);
        var (x, y) = map.Apply(half, half);
        return map with { X0 = centerX - x, Y0 = centerY - y };
    }

    /// <summary>
    /// The turn, uniform scale and shift that bring <paramref name="from"/> nearest to <paramref name="to"/> in the least squares sense (Umeyama 1991, without
    /// reflection).
    /// </summary>
    internal static AffineMap FitSimilarity(ReadOnlySpan<(double X, double Y)> from, ReadOnlySpan<(double X, double Y)> to)
    {
        var (fromX, fromY) = Mean(from);
        var (toX, toY) = Mean(to);
        double dot = 0, cross = 0, spread = 0;
        for (var i = 0; i < from.Length; i++)
        {
            var (x, y) = (from[i].X - fromX, from[i].Y - fromY);
            var (u, v) = (to[i].X - toX, to[i].Y - toY);
            dot += (x * u) + (y * v);
            cross += (x * v) - (y * u);
            spread += (x * x) + (y * y);
        }

        var (a, b) = spread > 0 ? (dot / spread, cross / spread) : (1, 0);
        return new AffineMap(a, -b, toX - (a * fromX) + (b * fromY), b, a, toY - (b * fromX) - (a * fromY));
    }

    private static (double X, double Y) Mean(ReadOnlySpan<(double X, double Y)> points)
    {
        double x = 0, y = 0;
        foreach (var point in points)
            (x, y) = (x + point.X, y + point.Y);
        return (x / points.Length, y / points.Length);
    }
}
