namespace MediaScore.Peers.Sources;

/// <summary>NAL units of an Annex B access unit, as ranges (ITU-T H.264, annex B).</summary>
internal static class AnnexBUnits
{
    internal const int IdrSlice = 5;
    internal const int SequenceParameterSet = 7;
    internal const int PictureParameterSet = 8;
    private const int AccessUnitDelimiter = 9;

    /// <summary>Browsers send no delimiters: RTP's marker bit says where an access unit ends.</summary>
    internal static ReadOnlyMemory<byte> WithoutDelimiter(ReadOnlyMemory<byte> accessUnit)
    {
        var from = 0;
        if (!TryNext(accessUnit.Span, ref from, out var first) || (accessUnit.Span[first.Start.Value] & 0x1F) != AccessUnitDelimiter)
            return accessUnit;
        // From the start code of the second unit on; its optional fourth zero included.
        return TryNext(accessUnit.Span, ref from, out var second) ? accessUnit[(second.Start.Value - (IsLongStart(accessUnit.Span, second.Start.Value) ? 4 : 3))..] : accessUnit;
    }

    /// <summary>The unit that begins at or after <paramref name="from"/>, without its start code and without zeros that belong to the next one's.</summary>
    internal static bool TryNext(ReadOnlySpan<byte> stream, ref int from, out Range unit)
    {
        ReadOnlySpan<byte> startCode = [0, 0, 1];
        unit = default;
        while (true)
        {
            var start = stream[from..].IndexOf(startCode);
            if (start < 0)
                return false;
            var begin = from + start + startCode.Length;
            var next = stream[begin..].IndexOf(startCode);
            var end = next < 0 ? stream.Length : begin + next;
            from = end;
            // A unit never ends with a zero byte (7.4.1): zeros before a start code are its fourth byte or padding.
            while (end > begin && stream[end - 1] == 0)
                end--;
            if (end == begin)
                continue;
            unit = begin..end;
            return true;
        }
    }

    private static bool IsLongStart(ReadOnlySpan<byte> stream, int begin) => begin >= 4 && stream[begin - 4] == 0;
}
