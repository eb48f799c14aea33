using MediaScore.Peers.Sources;
using MediaScore.WebRtc;

namespace MediaScore.ReceivePath;

/// <summary>Media of an interview's size without an encoder: 50 packets of sound and 100 of pictures a second, 800 kbit/s of pictures.</summary>
internal static class Clips
{
    private const int PicturesPerSecond = 20;

    // Five packets of 1,152 bytes at most: what the in-house sender makes of it.
    private const int PictureBytes = 5000;

    public static MediaClip Opus() => MediaClip.Of(
        RtpCodec.Opus, [.. Enumerable.Range(0, 50).Select(i => new ClipUnit(TimeSpan.FromMilliseconds(20 * i), true, Noise(i, 80, 0x48), -20))], TimeSpan.FromSeconds(1));

    public static MediaClip Vp8() => MediaClip.Of(
        RtpCodec.Vp8, [.. Enumerable.Range(0, PicturesPerSecond).Select(i => new ClipUnit(TimeSpan.FromSeconds((double)i / PicturesPerSecond), i == 0, Picture(i)))], TimeSpan.FromSeconds(1));

    private static byte[] Picture(int number)
    {
        if (number > 0)
            return Noise(number, PictureBytes, 0x31);
        var key = Noise(number, PictureBytes, 0x30);

        // RFC 6386, 9.1: start code, 640 by 480.
        new byte[] { 0x00, 0x00, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01 }.CopyTo(key, 1);
        return key;
    }

    private static byte[] Noise(int seed, int length, byte first)
    {
        var noise = new byte[length];
        new Random(seed).NextBytes(noise);
        noise[0] = first;
        return noise;
    }
}
