namespace MediaScore.Perception.Vision;

/// <summary>A picture as the vision models take it: 24-bit RGB. The pixels stay their owner's and must not change while a model looks at them.</summary>
public readonly record struct RgbPicture
{
    /// <param name="rgb24">Rows from the top, no padding: <c>[height, width, 3]</c>, red first, 0 to 255.</param>
    /// <param name="width">1 to 16384 pixels.</param>
    /// <param name="height">1 to 16384 pixels.</param>
    public RgbPicture(ReadOnlyMemory<byte> rgb24, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 16_384);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 16_384);
        if (rgb24.Length != width * height * 3)
            throw new ArgumentException($"{width}x{height} pixels take {width * height * 3} bytes, not {rgb24.Length}.", nameof(rgb24));
        (Rgb24, Width, Height) = (rgb24, width, height);
    }

    public ReadOnlyMemory<byte> Rgb24 { get; }

    public int Width { get; }

    public int Height { get; }
}
