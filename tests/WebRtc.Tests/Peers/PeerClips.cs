using MediaScore.Peers.Sources;
using MediaScore.TestMedia;

namespace MediaScore.WebRtc.Tests.Peers;

/// <summary>Short clips that FFmpeg makes once a run.</summary>
internal static class PeerClips
{

    /// <summary>Four seconds of a tone, 20 ms a packet.</summary>
    public static async Task<MediaClip> OpusAsync() => await MediaClip.ReadOpusAsync(new MemoryStream(await Ffmpeg.MakeAsync(
        "-f lavfi -i sine=frequency=330:sample_rate=48000:duration=4 -c:a libopus -application voip -b:a 28k -frame_duration 20 -fec 1 -packet_loss 10 -f ogg pipe:1")));

    /// <summary>Four seconds, 15 pictures a second, a key frame a second.</summary>
    public static async Task<MediaClip> Vp8Async() => await MediaClip.ReadVp8Async(new MemoryStream(await Ffmpeg.MakeAsync(
        "-f lavfi -i testsrc2=size=640x480:rate=15:duration=4 -an -c:v libvpx -deadline realtime -cpu-used 8 -g 15 -b:v 600k -pix_fmt yuv420p -f ivf pipe:1")));

    public static async Task<MediaClip> H264Async() => await MediaClip.ReadH264Async(
        new MemoryStream(await Ffmpeg.MakeAsync(
            "-f lavfi -i testsrc2=size=640x480:rate=15:duration=4 -an -c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -g 15 -b:v 600k -pix_fmt yuv420p -bsf:v h264_metadata=aud=insert -f h264 pipe:1")),
        15);
}
