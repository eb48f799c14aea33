using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;

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
        var plane = width * height;
        target = target[..(plane * 3)];
        if (IsWholePicture(map, pictureWidth, pictureHeight, width, height) && !encoding.Planar)
        {
            Copy(pixels[..(plane * 3)], encoding, target);
            return;
        }

        var scale = Vector128.Create(encoding.Scale.Red, encoding.Scale.Green, encoding.Scale.Blue, 0);
        var offset = Vector128.Create(encoding.Offset.Red, encoding.Offset.Green, encoding.Offset.Blue, 0);
        for (var row = 0; row < height; row++)
        {
            var (shareX, shareY) = (map.XY * (row + 0.5), map.YY * (row + 0.5));
            for (var column = 0; column < width; column++)
            {
                // AffineMap.Apply, in its order.
                var (x, y) = ((map.XX * (column + 0.5)) + shareX + map.X0, (map.YX * (column + 0.5)) + shareY + map.Y0);
                var left = (int)Math.Floor(x - 0.5);
                var top = (int)Math.Floor(y - 0.5);
                var right = (float)(x - 0.5 - left);
                var bottom = (float)(y - 0.5 - top);
                var colour = Vector128<float>.Zero;
                if (left >= 0 && top >= 0 && left + 1 < pictureWidth && top + 1 < pictureHeight)
                {
                    var upper = ((top * pictureWidth) + left) * 3;
                    colour = Interpolate(pixels.Slice(upper, 6), pixels.Slice(upper + (pictureWidth * 3), 6), right, bottom);
                }
                else if (x >= 0 && y >= 0 && x < pictureWidth && y < pictureHeight)
                {
                    colour = SampleAtEdge(pixels, pictureWidth, pictureHeight, left, top, right, bottom);
                }

                colour = (colour * scale) + offset;
                var at = (row * width) + column;
                if (encoding.Planar)
                {
                    target[at] = colour[0];
                    target[at + plane] = colour[1];
                    target[at + (2 * plane)] = colour[2];
                }
                else
                {
                    colour.AsVector3().CopyTo(target.Slice(at * 3, 3));
                }
            }
        }
    }

    // Every output point is a pixel's centre, where interpolation gives the pixel itself.
    private static bool IsWholePicture(AffineMap map, int pictureWidth, int pictureHeight, int width, int height) =>
        map == new AffineMap(1, 0, 0, 0, 1, 0) && width == pictureWidth && height == pictureHeight;

    private static void Copy(ReadOnlySpan<byte> pixels, PixelEncoding encoding, Span<float> target)
    {
        for (var at = 0; at + 2 < pixels.Length; at += 3)
        {
            target[at] = (pixels[at] * encoding.Scale.Red) + encoding.Offset.Red;
            target[at + 1] = (pixels[at + 1] * encoding.Scale.Green) + encoding.Offset.Green;
            target[at + 2] = (pixels[at + 2] * encoding.Scale.Blue) + encoding.Offset.Blue;
        }
    }

    /// <summary>The three channels at once, each in the order upper left, upper right, lower left, lower right.</summary>
    /// <param name="upper">Two pixels.</param>
    /// <param name="lower">The two under them.</param>
    private static Vector128<float> Interpolate(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float right, float bottom) =>
        (First(upper) * ((1 - right) * (1 - bottom))) + (Second(upper) * (right * (1 - bottom)))
        + (First(lower) * ((1 - right) * bottom)) + (Second(lower) * (right * bottom));

    // The fourth lane holds a neighbour's byte (or nothing) and is never looked at.
    private static Vector128<float> First(ReadOnlySpan<byte> pair) => ToSingle(BinaryPrimitives.ReadUInt32LittleEndian(pair));

    private static Vector128<float> Second(ReadOnlySpan<byte> pair) => ToSingle(BinaryPrimitives.ReadUInt32LittleEndian(pair[2..]) >> 8);

    private static Vector128<float> ToSingle(uint bytes) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte())).AsInt32());

    /// <summary>Along the border the missing neighbours take the nearest pixel's colour, so the last half pixel does not fade to black.</summary>
    private static Vector128<float> SampleAtEdge(
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

        return Vector128.Create(red, green, blue, 0);
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
            var firstColumn = Left * factor;
            var lineLength = (Math.Min((Left + Width) * factor, picture.Width) - firstColumn) * 3;
            var columnSums = ArrayPool<ushort>.Shared.Rent(lineLength);
            for (var row = 0; row < Height; row++)
            {
                // Down the columns first: 64 rows of 255 fit 16 bits, and a line is added at the width of the processor.
                var firstRow = (Top + row) * factor;
                var lastRow = Math.Min(firstRow + factor, picture.Height);
                var sums = columnSums.AsSpan(0, lineLength);
                sums.Clear();
                for (var y = firstRow; y < lastRow; y++)
                    Add(source.Slice(((y * picture.Width) + firstColumn) * 3, lineLength), sums);

                var pixels = Pixels.AsSpan(row * Width * 3, Width * 3);
                for (var column = 0; column < Width; column++)
                {
                    var block = sums.Slice(column * factor * 3, Math.Min(factor * 3, lineLength - (column * factor * 3)));
                    int red = 0, green = 0, blue = 0;
                    for (var at = 0; at + 2 < block.Length; at += 3)
                    {
                        red += block[at];
                        green += block[at + 1];
                        blue += block[at + 2];
                    }

                    // Rounded to the nearest. A product with the reciprocal rather than three divisions, and exact: sums stay under 2^20 and counts under 2^13.
                    var count = (lastRow - firstRow) * (block.Length / 3);
                    var reciprocal = ((1UL << 40) + (uint)count - 1) / (uint)count;
                    var half = count / 2;
                    pixels[column * 3] = (byte)(((uint)(red + half) * reciprocal) >> 40);
                    pixels[(column * 3) + 1] = (byte)(((uint)(green + half) * reciprocal) >> 40);
                    pixels[(column * 3) + 2] = (byte)(((uint)(blue + half) * reciprocal) >> 40);
                }
            }

            ArrayPool<ushort>.Shared.Return(columnSums);
        }

        private static void Add(ReadOnlySpan<byte> line, Span<ushort> sums)
        {
            var at = 0;
            for (; at + Vector256<byte>.Count <= line.Length; at += Vector256<byte>.Count)
            {
                var (lower, upper) = Vector256.Widen(Vector256.Create(line[at..]));
                (Vector256.Create<ushort>(sums[at..]) + lower).CopyTo(sums[at..]);
                (Vector256.Create<ushort>(sums[(at + Vector256<ushort>.Count)..]) + upper).CopyTo(sums[(at + Vector256<ushort>.Count)..]);
            }

            for (; at < line.Length; at++)
                sums[at] += line[at];
        }
    }
}
