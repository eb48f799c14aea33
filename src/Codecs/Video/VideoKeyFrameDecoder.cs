using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MediaScore.Codecs.Native;

namespace MediaScore.Codecs.Video;

/// <summary>
/// Decodes key frames, each on its own, to RGB. libavcodec 59 (FFmpeg 5.1) on the calling thread. Not thread safe; one owner disposes it.
/// </summary>
/// <remarks>
/// Each key frame gets a decoder of its own, so the picture is a function of the access unit alone: no parameter set, segmentation map or damage of an earlier
/// frame can reach it. Opening one costs 0.2 to 0.6 ms, a tenth of what a 640x360 picture costs (2.4 ms JPEG, 3.2 ms H.264, 6.2 ms VP8), once in two seconds.
/// Colours are converted as BT.601, whatever the stream claims: faces are found in either, and one conversion is one behaviour. Range is taken from the stream.
/// </remarks>
public sealed class VideoKeyFrameDecoder : IDisposable
{
    /// <summary>Largest width and height that is decoded. 8K: what cameras send is far below, what attackers claim is far above.</summary>
    public const int MaxDimension = 8192;

    /// <summary>Largest access unit: an 8K intra picture at a quarter of a byte a pixel.</summary>
    public const int MaxAccessUnitBytes = 16 * 1024 * 1024;

    /// <summary>Usual <c>maxWidth</c>: faces of 1/10 of the picture's width still have the 64 pixels that the face models use.</summary>
    public const int DefaultMaxWidth = 640;

    private readonly PictureScaler _scaler = new();
    private int _disposed;

    /// <exception cref="NativeLibraryException">FFmpeg's libraries are missing or of another major; the message names the cure.</exception>
    public VideoKeyFrameDecoder()
    {
        if (LibAvCheck.Problem is { } problem)
            throw new NativeLibraryException(problem);
    }

    /// <summary>Decodes one key frame. Never throws for what the payload holds.</summary>
    /// <param name="accessUnit">One whole coded picture, see <see cref="VideoCodec"/>.</param>
    /// <param name="maxWidth">The picture is scaled down, never up, to this width; 16 to <see cref="MaxDimension"/>. The aspect ratio is kept.</param>
    /// <param name="picture">The caller owns and disposes it.</param>
    /// <param name="error">Why there is none, as people read it; null with a picture.</param>
    public bool TryDecode(
        VideoCodec codec, ReadOnlySpan<byte> accessUnit, int maxWidth, [NotNullWhen(true)] out DecodedPicture? picture, [NotNullWhen(false)] out string? error)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWidth, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxWidth, MaxDimension);
        picture = null;
        error = Check(codec, accessUnit);
        if (error is not null)
            return false;
        picture = codec == VideoCodec.Png ? DecodePng(accessUnit, maxWidth, out error) : OneShotDecoder.Decode(codec, accessUnit, maxWidth, _scaler, out error);
        return picture is not null;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _scaler.Dispose();
    }

    private DecodedPicture? DecodePng(ReadOnlySpan<byte> file, int maxWidth, out string? error)
    {
        var rented = ArrayPool<byte>.Shared.Rent(file.Length);
        try
        {
            return OneShotDecoder.Decode(VideoCodec.Png, rented.AsSpan(0, PngFile.CopyPicture(file, rented)), maxWidth, _scaler, out error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>What can be refused before any native code sees the payload.</summary>
    private static string? Check(VideoCodec codec, ReadOnlySpan<byte> accessUnit)
    {
        if (accessUnit.Length > MaxAccessUnitBytes)
            return $"Access unit of {accessUnit.Length} bytes; at most {MaxAccessUnitBytes} are decoded.";
        if (!KeyFrameInspector.TryInspect(codec, accessUnit, out var info, out var error))
            return error;
        if (!info.IsKeyFrame)
            return "Not a key frame.";
        if (codec == VideoCodec.Jpeg && JpegScans.AreTooMany(accessUnit))
            return $"JPEG picture of more than {JpegScans.Max} scans.";
        return info.Width > MaxDimension || info.Height > MaxDimension
            ? $"Picture of {info.Width}x{info.Height} pixels; at most {MaxDimension}x{MaxDimension} are decoded."
            : null;
    }
}
