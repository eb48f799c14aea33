using MediaScore.Peers.Sources;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>Media that need no encoder: right where the receiver looks, noise elsewhere.</summary>
internal static class SyntheticClips
{
    /// <summary>A second of 20 ms packets (TOC: SILK wideband, 20 ms, mono, one frame).</summary>
    public static MediaClip Opus { get; } = MediaClip.Of(RtpCodec.Opus, [.. Enumerable.Range(0, 50).Select(i => new ClipUnit(TimeSpan.FromMilliseconds(20 * i), true, Payload(i, 70, 0x48), -20))], TimeSpan.FromSeconds(1));

    /// <summary>A second of 15 pictures, the first a key frame (RFC 6386, 9.1: start code, 640 by 480).</summary>
    public static MediaClip Vp8 { get; } = MediaClip.Of(RtpCodec.Vp8, [.. Enumerable.Range(0, 15).Select(i => new ClipUnit(TimeSpan.FromSeconds(i / 15.0), i == 0, Picture(i)))], TimeSpan.FromSeconds(1));

    private static byte[] Picture(int number)
    {
        if (number > 0)
            return Payload(number, 2500, 0x31);
        var key = Payload(number, 8000, 0x30);
        new byte[] { 0x00, 0x00, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01 }.CopyTo(key, 1);
        return key;
    }

    private static byte[] Payload(int seed, int length, byte first)
    {
        var payload = new byte[length];
        new Random(seed).NextBytes(payload);
        payload[0] = first;
        return payload;
    }
}
