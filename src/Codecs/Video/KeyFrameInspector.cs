namespace MediaScore.Codecs.Video;

/// <summary>Reads from the bitstream whether a payload is a key frame and how large it is: a sender's flag is not trusted. Allocates nothing, decodes nothing.</summary>
public static class KeyFrameInspector
{
    /// <summary>False where the payload is not what the codec's syntax demands, with the reason.</summary>
    public static bool TryInspect(VideoCodec codec, ReadOnlySpan<byte> payload, out KeyFrameInfo info, out string? error) =>
        throw new NotSupportedException("Lands within minutes.");
}
