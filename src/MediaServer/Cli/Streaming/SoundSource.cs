using System.Runtime.CompilerServices;
using MediaScore.Codecs.Containers;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>The sound of a file as a browser would send it: Opus, mono, 24 kbit/s, 20 ms a packet (RFC 6716; the rate is WebRTC's for wideband speech).</summary>
internal static class SoundSource
{
    public static async IAsyncEnumerable<FeedItem> ReadAsync(string path, Action<string> complain, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var ffmpeg = FfmpegPipe.Start("ffmpeg", Arguments(path));
        var reader = new OggOpusReader(ffmpeg.Output);
        while (await reader.ReadAsync(cancellation))
            yield return new FeedItem(Track.Audio, reader.Start, reader.Packet.ToArray());
        if (await ffmpeg.FinishAsync(cancellation) is { } complaint)
            complain($"FFmpeg stopped reading the sound: {complaint}");
    }

    private static string[] Arguments(string path) =>
    [
        "-nostdin", "-v", "error", "-i", "file:" + Path.GetFullPath(path), "-map", "0:a:0", "-vn", "-sn", "-dn",
        // Holes in the file's own clock become silence, so that sound and pictures keep step.
        "-af", "aresample=async=1:first_pts=0", "-ac", "1",
        "-c:a", "libopus", "-b:a", "24k", "-application", "voip", "-frame_duration", "20", "-f", "ogg",
        // A page every 200 ms: paced sending must not wait for FFmpeg's page of a second.
        "-page_duration", "200000", "pipe:1",
    ];
}
