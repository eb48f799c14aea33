using System.Runtime.InteropServices;
using MediaScore.Codecs.Native;

namespace MediaScore.Codecs.Video;

/// <summary>Decoded frames of any pixel format to packed RGB of bounded width, through libswscale. Keeps its context while sizes stay the same.</summary>
internal sealed unsafe class PictureScaler : IDisposable
{
    // libswscale's vector code writes whole vectors: rows get this alignment, the buffer as much at its end.
    private const int Alignment = 64;

    private void* _scaler;
    private void* _rows;
    private nuint _rowsLength;

    internal DecodedPicture? TryScale(AvFrameHead* frame, int maxWidth, out string? error)
    {
        error = Check(frame);
        if (error is not null)
            return null;
        var width = Math.Min(frame->Width, maxWidth);
        var height = Math.Max(1, (int)(((long)frame->Height * width + frame->Width / 2) / frame->Width));
        _scaler = LibAv.GetScaler(
            _scaler, frame->Width, frame->Height, frame->Format, width, height, LibAv.PixelFormatRgb24, LibAv.ScaleBilinear | LibAv.ScaleExact, null, null, null);
        if (_scaler is null)
        {
            error = $"FFmpeg can't scale {frame->Width}x{frame->Height} pixels of format {frame->Format} to {width}x{height}.";
            return null;
        }

        var stride = ((width * 3) + Alignment - 1) / Alignment * Alignment;
        EnsureRows(((nuint)stride * (nuint)height) + Alignment);
        // libswscale reads four of each, whatever the format needs.
        var targets = stackalloc byte*[4] { (byte*)_rows, null, null, null };
        var strides = stackalloc int[4] { stride, 0, 0, 0 };
        if (LibAv.ScalePicture(_scaler, &frame->Plane0, &frame->Stride0, 0, frame->Height, targets, strides) != height)
        {
            error = "FFmpeg could not scale the picture.";
            return null;
        }

        var picture = new DecodedPicture(width, height, frame->Width, frame->Height);
        var pixels = picture.Rgb24.Span;
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<byte>((byte*)_rows + ((nint)row * stride), width * 3).CopyTo(pixels[(row * width * 3)..]);
        return picture;
    }

    public void Dispose()
    {
        LibAv.FreeScaler(_scaler);
        NativeMemory.AlignedFree(_rows);
        _scaler = null;
        _rows = null;
        _rowsLength = 0;
    }

    private static string? Check(AvFrameHead* frame)
    {
        if (frame->Width is <= 0 or > VideoKeyFrameDecoder.MaxDimension || frame->Height is <= 0 or > VideoKeyFrameDecoder.MaxDimension)
            return $"Picture of {frame->Width}x{frame->Height} pixels; at most {VideoKeyFrameDecoder.MaxDimension}x{VideoKeyFrameDecoder.MaxDimension} are decoded.";
        if (frame->Plane0 is null || frame->Format < 0 || LibAv.CanScaleFrom(frame->Format) == 0)
            return $"Pixel format {frame->Format} can't be converted.";
        return null;
    }

    private void EnsureRows(nuint length)
    {
        if (_rowsLength >= length)
            return;
        NativeMemory.AlignedFree(_rows);
        _rows = null;
        _rowsLength = 0;
        _rows = NativeMemory.AlignedAlloc(length, Alignment);
        _rowsLength = length;
    }
}
