using System.Buffers;

namespace MediaScore.Perception.Vision;

/// <summary>Cuts, turns and scales a part of a picture into a model's input. Plain arithmetic in a fixed order: the same values on every machine.</summary>
internal static class PictureSampler
{
    /// <param name="outputToPicture">Where each output point lies in the picture.</param>
    /// <param name="target"><c>width x height x 3</c> values.</param>
    internal static void Sample(RgbPicture picture, AffineMap outputToPicture, int width, int height, PixelEncoding encoding, Span<float> target)
    {
        var shrink = (int)Math.Min(outputToPicture.Scale, 64);
        if (shrink < 2)
        {
            SampleBilinear(picture.Rgb24.Span, picture.Width, picture.Height, outputToPicture, width, height, encoding, target);
            return;
        }

        // Two neighbours don't represent the many pixels that one output covers: average whole blocks first, then interpolate between the averages.
        var blocks = Blocks.Average(picture, outputToPicture, width, height, shrink);
        try
        {
            var toBlocks = new AffineMap(
                outputToPicture.XX / shrink, outputToPicture.XY / shrink, (outputToPicture.X0 / shrink) - blocks.Left,
                outputToPicture.YX / shrink, outputToPicture.YY / shrink, (outputToPicture.Y0 / shrink) - blocks.Top);
            SampleBilinear(blocks.Pixels, blocks.Width, blocks.Height, toBlocks, width, height, encoding, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(blocks.Pixels);
        }
    }

    private static void SampleBilinear(
        ReadOnlySpan<byte> pixels, int pictureWidth, int pictureHeight, AffineMap map, int width, int height, PixelEncoding encoding, Span<float> target)
    {
        var planeLength = encoding.Planar ? width * height : 1;
        var step = encoding.Planar ? 1 : 3;
        var at = 0;
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++, at += step)
            {
                var (x, y) = map.Apply(column + 0.5, row + 0.5);
                var left = (int)Math.Floor(x - 0.5);
                var top = (int)Math.Floor(y - 0.5);
                var right = (float)(x - 0.5 - left);
                var bottom = (float)(y - 0.5 - top);
                float red = 0, green = 0, blue = 0;
                if (left >= 0 && top >= 0 && left + 1 < pictureWidth && top + 1 < pictureHeight)
                {
                    var first = ((top * pictureWidth) + left) * 3;
                    var second = first + (pictureWidth * 3);
                    var (w00, w01, w10, w11) = ((1 - right) * (1 - bottom), right * (1 - bottom), (1 - right) * bottom, right * bottom);
                    var upper = pixels.Slice(first, 6);
                    var lower = pixels.Slice(second, 6);
                    red = (w00 * upper[0]) + (w01 * upper[3]) + (w10 * lower[0]) + (w11 * lower[3]);
                    green = (w00 * upper[1]) + (w01 * upper[4]) + (w10 * lower[1]) + (w11 * lower[4]);
                    blue = (w00 * upper[2]) + (w01 * upper[5]) + (w10 * lower[2]) + (w11 * lower[5]);
                }
                else if (x >= 0 && y >= 0 && x < pictureWidth && y < pictureHeight)
                {
                    (red, green, blue) = SampleAtEdge(pixels, pictureWidth, pictureHeight, left, top, right, bottom);
                }

                target[at] = (red * encoding.Scale.Red) + encoding.Offset.Red;
                target[at + planeLength] = (green * encoding.Scale.Green) + encoding.Offset.Green;
                target[at + (2 * planeLength)] = (blue * encoding.Scale.Blue) + encoding.Offset.Blue;
            }
        }
    }

    /// <summary>Along the border the missing neighbours take the nearest pixel's colour, so the last half pixel does not fade to black.</summary>
    private static (float Red, float Green, float Blue) SampleAtEdge(
        ReadOnlySpan<byte> pixels, int width, int height, int left, int top, float right, float bottom)
    {
        float red = 0, green = 0, blue = 0;
        for (var corner = 0; corner < 4; corner++)
        {
            var x = Math.Clamp(left + (corner & 1), 0, width - 1);
            var y = Math.Clamp(top + (corner >> 1), 0, height - 1);
            var weight = ((corner & 1) == 0 ? 1 - right : right) * (corner >> 1 == 0 ? 1 - bottom : bottom);
            var pixel = pixels.Slice(((y * width) + x) * 3, 3);
            red += weight * pixel[0];
            green += weight * pixel[1];
            blue += weight * pixel[2];
        }

        return (red, green, blue);
    }

    /// <summary>The part of a picture that a crop touches, shrunk by a whole factor. <c>Left</c> and <c>Top</c> count blocks; the array is pooled.</summary>
    private readonly record struct Blocks(byte[] Pixels, int Left, int Top, int Width, int Height)
    {
        internal static Blocks Average(RgbPicture picture, AffineMap map, int outputWidth, int outputHeight, int factor)
        {
            double minX = double.MaxValue, minY = double.MaxValue, maxX = double.MinValue, maxY = double.MinValue;
            foreach (var (cornerX, cornerY) in ((int, int)[])[(0, 0), (outputWidth, 0), (0, outputHeight), (outputWidth, outputHeight)])
            {
                var (x, y) = map.Apply(cornerX, cornerY);
                (minX, minY, maxX, maxY) = (Math.Min(minX, x), Math.Min(minY, y), Math.Max(maxX, x), Math.Max(maxY, y));
            }

            // The last block may be narrower than the others; it is averaged over what is there.
            var columns = (picture.Width + factor - 1) / factor;
            var rows = (picture.Height + factor - 1) / factor;
            var left = (int)Math.Clamp(Math.Floor(minX / factor) - 1, 0, columns - 1);
            var top = (int)Math.Clamp(Math.Floor(minY / factor) - 1, 0, rows - 1);
            var width = (int)Math.Clamp(Math.Ceiling(maxX / factor) + 1, left + 1, columns) - left;
            var height = (int)Math.Clamp(Math.Ceiling(maxY / factor) + 1, top + 1, rows) - top;
            var blocks = new Blocks(ArrayPool<byte>.Shared.Rent(width * height * 3), left, top, width, height);
            blocks.Fill(picture, factor);
            return blocks;
        }

        private void Fill(RgbPicture picture, int factor)
        {
            var source = picture.Rgb24.Span;
            var sums = ArrayPool<int>.Shared.Rent(Width * 3);
            for (var row = 0; row < Height; row++)
            {
                Array.Clear(sums, 0, Width * 3);
                var firstRow = (Top + row) * factor;
                var lastRow = Math.Min(firstRow + factor, picture.Height);
                var firstColumn = Left * factor;
                var lastColumn = Math.Min((Left + Width) * factor, picture.Width);
                for (var y = firstRow; y < lastRow; y++)
                {
                    var line = source.Slice(((y * picture.Width) + firstColumn) * 3, (lastColumn - firstColumn) * 3);
                    for (int column = 0, at = 0; at < line.Length; column += 3)
                    {
                        var end = Math.Min(at + (3 * factor), line.Length);
                        int red = 0, green = 0, blue = 0;
                        for (; at < end; at += 3)
                        {
                            red += line[at];
                            green += line[at + 1];
                            blue += line[at + 2];
                        }

                        sums[column] += red;
                        sums[column + 1] += green;
                        sums[column + 2] += blue;
                    }
                }

                for (var column = 0; column < Width; column++)
                {
                    var count = (lastRow - firstRow) * Math.Min(factor, picture.Width - ((Left + column) * factor));
                    for (var channel = 0; channel < 3; channel++)
                        Pixels[(((row * Width) + column) * 3) + channel] = (byte)((sums[(column * 3) + channel] + (count / 2)) / count);
                }
            }

            ArrayPool<int>.Shared.Return(sums);
        }
    }
}
