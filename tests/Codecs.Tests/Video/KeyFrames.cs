using MediaScore.Codecs.Video;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Video;

/// <summary>Single key frames of every codec, from FFmpeg's encoders.</summary>
internal static class KeyFrames
{
    /// <param name="source">A lavfi source without its size.</param>
    internal static async Task<byte[]> MakeAsync(VideoCodec codec, int width, int height, string source = "testsrc2")
    {
        var separator = source.Contains('=') ? ':' : '=';
        var input = $"-f lavfi -i {source}{separator}size={width}x{height}:rate=10:duration=0.1";
        return codec switch
        {
            VideoCodec.Vp8 => (await CodedMedia.Vp8Async(input, options: "-qmin 4 -qmax 20 -b:v 4M"))[0].Payload,
            VideoCodec.H264 => (await CodedMedia.H264Async(input, 10, options: "-preset ultrafast -crf 18"))[0].Payload,
            _ => await CodedMedia.JpegAsync(input),
        };
    }
}
