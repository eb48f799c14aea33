namespace MediaScore.WebRtc.Rtp;

/// <summary>What stands before the VP8 data in every packet (RFC 7741, 4.2).</summary>
/// <param name="Length">Of the descriptor, bytes: 1 to 6.</param>
/// <param name="StartsPartition">S.</param>
/// <param name="PartitionIndex">PID.</param>
/// <param name="NonReference">N: no other frame needs this one.</param>
/// <param name="PictureId">7 or 15 bits; -1 without.</param>
/// <param name="HasLongPictureId">M: 15 bits.</param>
/// <param name="Tl0PictureIndex">-1 without.</param>
/// <param name="TemporalLayer">TID; -1 without.</param>
/// <param name="KeyIndex">KEYIDX; -1 without.</param>
internal readonly record struct Vp8PayloadDescriptor(
    int Length, bool StartsPartition, int PartitionIndex, bool NonReference, int PictureId, bool HasLongPictureId, int Tl0PictureIndex, int TemporalLayer, int KeyIndex)
{
    /// <summary>The first packet of a frame.</summary>
    public bool StartsFrame => StartsPartition && PartitionIndex == 0;

    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8PayloadDescriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
            return false;
        var first = payload[0];
        var at = 1;
        int pictureId = -1, tl0 = -1, layer = -1, keyIndex = -1;
        var isLong = false;
        if ((first & 0x80) != 0)
        {
            if (!TryTake(payload, ref at, out var present))
                return false;
            if ((present & 0x80) != 0)
            {
                if (!TryTake(payload, ref at, out var high))
                    return false;
                isLong = (high & 0x80) != 0;
                pictureId = high & 0x7F;
                if (isLong)
                {
                    if (!TryTake(payload, ref at, out var low))
                        return false;
                    pictureId = pictureId << 8 | low;
                }
            }

            if ((present & 0x40) != 0)
            {
                if (!TryTake(payload, ref at, out var index))
                    return false;
                tl0 = index;
            }

            // One byte holds both; each half counts only where its own bit is set.
            if ((present & 0x30) != 0)
            {
                if (!TryTake(payload, ref at, out var layers))
                    return false;
                if ((present & 0x20) != 0)
                    layer = layers >> 6;
                if ((present & 0x10) != 0)
                    keyIndex = layers & 0x1F;
            }
        }

        descriptor = new Vp8PayloadDescriptor(at, (first & 0x10) != 0, first & 0x07, (first & 0x20) != 0, pictureId, isLong, tl0, layer, keyIndex);
        return true;
    }

    private static bool TryTake(ReadOnlySpan<byte> payload, ref int at, out byte value)
    {
        value = at < payload.Length ? payload[at] : (byte)0;
        return at++ < payload.Length;
    }
}
