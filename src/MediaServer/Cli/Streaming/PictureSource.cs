using System.Runtime.CompilerServices;
using MediaScore.Codecs.Containers;
using MediaScore.Codecs.Video;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>The pictures of a file as a browser would send them: at most 640 wide, 15 a second, a key frame every 2 s.</summary>
internal static class PictureSource
{
    private const int FramesPerSecond = 15;
    private const int KeyFrameSeconds = 2;

    public static async IAsyncEnumerable<FeedItem> ReadAsync(string path, PictureCodec codec, Action<string> complain, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var ffmpeg = FfmpegPipe.Start("ffmpeg", Arguments(path, codec));
        await foreach (var item in ReadAsync(ffmpeg.Output, codec, cancellation))
            yield return item;
        if (await ffmpeg.FinishAsync(cancellation) is { } complaint)
            complain($"FFmpeg stopped reading the pictures: {complaint}");
    }

    private static IAsyncEnumerable<FeedItem> ReadAsync(Stream stream, PictureCodec codec, CancellationToken cancellation) => codec switch
    {
        PictureCodec.Vp8 => ReadIvfAsync(stream, cancellation),
        PictureCodec.H264 => ReadAnnexBAsync(stream, cancellation),
        _ => ReadJpegAsync(stream, cancellation),
    };

    private static async IAsyncEnumerable<FeedItem> ReadIvfAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new IvfReader(stream);
        while (await reader.ReadAsync(cancellation))
            yield return Item(VideoCodec.Vp8, reader.Time, reader.Frame);
    }

    private static async IAsyncEnumerable<FeedItem> ReadAnnexBAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The format carries no times; the frame rate is ours and constant.
        var reader = new AnnexBReader(stream);
        while (await reader.ReadAsync(cancellation))
            yield return Item(VideoCodec.H264, TimeSpan.FromSeconds((double)reader.Index / FramesPerSecond), reader.AccessUnit);
    }

    private static async IAsyncEnumerable<FeedItem> ReadJpegAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new MultipartJpegReader(stream);
        for (var index = 0; await reader.ReadAsync(cancellation) is { } picture; index++)
            yield return new FeedItem(Track.Video, TimeSpan.FromSeconds(index * KeyFrameSeconds), picture, KeyFrame: true);
    }

    private static FeedItem Item(VideoCodec codec, TimeSpan time, ReadOnlyMemory<byte> payload) =>
        new(Track.Video, time, payload.ToArray(), KeyFrameInspector.TryInspect(codec, payload.Span, out var info, out _) && info.IsKeyFrame);

    private static List<string> Arguments(string path, PictureCodec codec)
    {
        // Every picture of a JPEG track can be decoded alone, so one every 2 s holds as much for the analysis as the other two codecs' key frames.
        var rate = codec is PictureCodec.Jpeg ? $"1/{KeyFrameSeconds}" : $"{FramesPerSecond}";
        List<string> arguments =
        [
            "-nostdin", "-v", "error", "-i", "file:" + Path.GetFullPath(path), "-map", "0:V:0", "-an", "-sn", "-dn",
            "-vf", $"fps={rate}:start_time=0,scale=w='trunc(min({MediaFeed.MaxWidth},iw)/2)*2':h=-2,format=yuv420p",
        ];
        arguments.AddRange(codec switch
        {
            PictureCodec.Vp8 =>
            [
                "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-threads", "1", "-b:v", "400k", "-auto-alt-ref", "0", "-lag-in-frames", "0",
                "-g", $"{FramesPerSecond * KeyFrameSeconds}", "-f", "ivf",
            ],
            PictureCodec.H264 =>
            [
                "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-threads", "1", "-b:v", "400k", "-g", $"{FramesPerSecond * KeyFrameSeconds}",
                "-x264-params", "repeat-headers=1", "-bsf:v", "h264_metadata=aud=insert", "-f", "h264",
            ],
            _ => (IEnumerable<string>)["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "4", "-f", "mpjpeg"],
        });
        arguments.Add("pipe:1");
        return arguments;
    }
}
