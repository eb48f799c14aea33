namespace MediaScore.WebRtc.Sdp;

/// <summary>SPS and PPS that an offer brings out of band (RFC 6184, 8.1, <c>sprop-parameter-sets</c>): senders that do so may leave them out of the stream.</summary>
internal static class H264ParameterSets
{
    // One SPS and one PPS are usual; sets are some tens of bytes.
    private const int MaxSetCount = 8;
    private const int MaxSetLength = 512;

    /// <summary>NAL units without start code; empty where one of them is broken.</summary>
    public static IReadOnlyList<byte[]> Read(OfferedCodec codec)
    {
        if (codec.Find("sprop-parameter-sets") is not { } value)
            return [];
        var sets = new List<byte[]>();
        Span<byte> set = stackalloc byte[MaxSetLength];
        foreach (var encoded in value.Split(',').Take(MaxSetCount))
        {
            // Type 7: sequence parameter set, 8: picture parameter set.
            if (!Convert.TryFromBase64String(encoded, set, out var length) || length < 2 || (set[0] & 0x1F) is not (7 or 8))
                return [];
            sets.Add(set[..length].ToArray());
        }

        return sets;
    }
}
