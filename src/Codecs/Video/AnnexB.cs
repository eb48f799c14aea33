namespace MediaScore.Codecs.Video;

/// <summary>NAL units of an H.264 byte stream (ITU-T H.264, annex B).</summary>
internal static class AnnexB
{
    internal const int NonIdrSlice = 1;
    internal const int IdrSlice = 5;
    internal const int SequenceParameterSet = 7;
    internal const int PictureParameterSet = 8;
    internal const int AccessUnitDelimiter = 9;

    internal static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    /// <param name="unit">Not empty; its first byte is the NAL unit header.</param>
    internal static int UnitType(ReadOnlySpan<byte> unit) => unit[0] & 0x1F;

    /// <summary>Takes the next unit off the front; false where no start code is left.</summary>
    /// <param name="unit">From its header byte on, never empty; trailing zero bytes may belong to the next start code.</param>
    internal static bool TryReadUnit(ref ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        while (true)
        {
            var start = stream.IndexOf(StartCode);
            if (start < 0)
                return false;
            stream = stream[(start + StartCode.Length)..];
            var end = stream.IndexOf(StartCode);
            unit = end < 0 ? stream : stream[..end];
            stream = end < 0 ? default : stream[end..];
            if (!unit.IsEmpty)
                return true;
        }
    }
}
