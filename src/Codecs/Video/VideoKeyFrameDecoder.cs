namespace MediaScore.Codecs.Video;

/// <summary>
/// Decodes key frames, each on its own, to RGB: the picture is a function of the access unit alone. libavcodec 59 (FFmpeg 5.1), one thread. Not thread safe;
/// one owner disposes it.
/// </summary>
public sealed class VideoKeyFrameDecoder : IDisposable
{
    /// <summary>Largest width and height that is decoded. 8K: what cameras send is far below, what attackers claim is far above.</summary>
    public const int MaxDimension = 8192;

    /// <summary>Usual <c>maxWidth</c>: faces of 1/10 of the picture's width still have the 64 pixels that the face models use.</summary>
    public const int DefaultMaxWidth = 640;

    /// <exception cref="NativeLibraryException">FFmpeg's libraries are missing or of another major; the message names the cure.</exception>
    public VideoKeyFrameDecoder() => throw new NotSupportedException("Lands within minutes.");

    /// <summary>Decodes one key frame. Never throws for what the payload holds.</summary>
    /// <param name="maxWidth">The picture is scaled down, never up, to this width; 16 to <see cref="MaxDimension"/>.</param>
    /// <param name="picture">The caller owns and disposes it.</param>
    /// <param name="error">Why there is none, as people read it; null with a picture.</param>
    public bool TryDecode(VideoCodec codec, ReadOnlySpan<byte> accessUnit, int maxWidth, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DecodedPicture? picture, out string? error) =>
        throw new NotSupportedException("Lands within minutes.");

    public void Dispose()
    {
    }
}
