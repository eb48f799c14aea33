namespace MediaScore.WebRtc.Rtp;

/// <summary>What an Opus packet's first bytes say (RFC 6716, 3.1), as far as its place in time needs it; the decoder checks the rest.</summary>
internal static class OpusPayload
{
    /// <summary>RTP ticks a second, whatever the coded bandwidth (RFC 7587, 4.1).</summary>
    public const int ClockRate = 48_000;

    /// <summary>20 ms.</summary>
    public const int FillerTicks = 960;

    private const int LongestTicks = 120 * ClockRate / 1000;

    /// <summary>How long a packet sounds, in ticks; false where it can be no Opus packet.</summary>
    public static bool TryGetDuration(ReadOnlySpan<byte> payload, out int ticks)
    {
        ticks = 0;
        if (payload.IsEmpty)
            return false;
        var frames = (payload[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => payload.Length > 1 ? payload[1] & 0x3F : 0,
        };
        ticks = frames * FrameTicks(payload[0]);
        return ticks is > 0 and <= LongestTicks;
    }

    /// <summary>
    /// The one byte of a packet that carries no sound, as senders in discontinuous transmission use it: <paramref name="toc"/>'s mode, bandwidth and channels,
    /// one frame of 20 ms without data.
    /// </summary>
    public static byte SilenceLike(byte toc)
    {
        var config = toc >> 3;
        var of20Ms = config switch
        {
            < 12 => config & ~3 | 1,
            < 16 => config | 1,
            _ => config | 3,
        };
        return (byte)(of20Ms << 3 | toc & 4);
    }

    private static int FrameTicks(byte toc)
    {
        var config = toc >> 3;
        return config switch
        {
            < 12 => (config & 3) switch { 0 => 480, 1 => 960, 2 => 1920, _ => 2880 },
            < 16 => (config & 1) == 0 ? 480 : 960,
            _ => 120 << (config & 3),
        };
    }
}
