using System.Globalization;

namespace MediaScore.WebRtc.Sdp;

/// <summary>What an offered H.264 payload type is worth to us (RFC 6184, 8.1; names of ITU-T H.264, annex A).</summary>
internal static class H264Profile
{
    /// <summary>
    /// Smaller is better; null is refused. Packetization mode 1 first: mode 0 has no fragments, so that a picture is cut into slices to fit packets. Then the
    /// simplest profile, which costs least to decode: constrained baseline, baseline, main, high. Refused: interleaved packets (mode 2), and profiles with more
    /// than 8 bits or other than 4:2:0, which the picture pipeline does not take.
    /// </summary>
    public static int? Rank(OfferedCodec codec)
    {
        int? mode = (codec.Find("packetization-mode") ?? "0") switch { "1" => 0, "0" => 10, _ => null };
        return mode + RankProfile(codec.Find("profile-level-id"));
    }

    private static int? RankProfile(string? profileLevelId)
    {
        // RFC 6184, 8.1: without it, baseline.
        if (profileLevelId is null)
            return 1;
        if (profileLevelId.Length != 6 || !uint.TryParse(profileLevelId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
            return null;
        var constraints = (byte)(bits >> 8);
        return (bits >> 16) switch
        {
            // constraint_set1_flag: also obeys main, which leaves constrained baseline.
            0x42 => (constraints & 0x40) != 0 ? 0 : 1,
            // constraint_set0_flag: also obeys baseline.
            0x4D => (constraints & 0x80) != 0 ? 0 : 2,
            0x64 => 3,
            _ => null,
        };
    }
}
