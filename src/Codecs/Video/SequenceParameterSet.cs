namespace MediaScore.Codecs.Video;

/// <summary>The picture's size from an H.264 sequence parameter set (ITU-T H.264, 7.3.2.1.1), cropping taken off.</summary>
internal static class SequenceParameterSet
{
    // Level 6.2 allows 139,264 macroblocks a picture; no side can have more than sqrt(8 x that) = 1055 of them (table A-1, A.3.1).
    private const uint MaxMacroblocksPerSide = 1055;

    /// <param name="unit">The NAL unit from its header byte on.</param>
    internal static bool TryReadDimensions(ReadOnlySpan<byte> unit, out int width, out int height)
    {
        width = 0;
        height = 0;
        var reader = new RbspReader(unit[1..]);
        var profile = reader.ReadBits(8);
        reader.ReadBits(16); // Constraint flags and level.
        reader.ReadUnsigned(); // seq_parameter_set_id
        var chromaFormat = 1u;
        var separatePlanes = false;
        if (HasChromaFormat(profile) && !TrySkipHighProfile(ref reader, out chromaFormat, out separatePlanes))
            return false;
        reader.ReadUnsigned(); // log2_max_frame_num_minus4
        if (!TrySkipPictureOrderCount(ref reader))
            return false;
        reader.ReadUnsigned(); // max_num_ref_frames
        reader.ReadFlag(); // gaps_in_frame_num_value_allowed_flag
        var widthInMacroblocks = reader.ReadUnsigned() + 1;
        var heightInMapUnits = reader.ReadUnsigned() + 1;
        var framesOnly = reader.ReadFlag();
        if (!framesOnly)
            reader.ReadFlag(); // mb_adaptive_frame_field_flag
        reader.ReadFlag(); // direct_8x8_inference_flag
        uint left = 0, right = 0, top = 0, bottom = 0;
        if (reader.ReadFlag())
        {
            left = reader.ReadUnsigned();
            right = reader.ReadUnsigned();
            top = reader.ReadUnsigned();
            bottom = reader.ReadUnsigned();
        }

        if (reader.Overrun || widthInMacroblocks > MaxMacroblocksPerSide || heightInMapUnits > MaxMacroblocksPerSide)
            return false;
        var fieldFactor = framesOnly ? 1 : 2;
        // Equations 7-19 to 7-22: cropping counts in chroma samples, and in pairs of lines where fields are coded.
        var cropX = chromaFormat is 1 or 2 && !separatePlanes ? 2 : 1;
        var cropY = (chromaFormat == 1 && !separatePlanes ? 2 : 1) * fieldFactor;
        var croppedWidth = (widthInMacroblocks * 16L) - (cropX * ((long)left + right));
        var croppedHeight = (heightInMapUnits * 16L * fieldFactor) - (cropY * ((long)top + bottom));
        if (croppedWidth <= 0 || croppedHeight <= 0)
            return false;
        width = (int)croppedWidth;
        height = (int)croppedHeight;
        return true;
    }

    private static bool HasChromaFormat(uint profile) => profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135;

    private static bool TrySkipHighProfile(ref RbspReader reader, out uint chromaFormat, out bool separatePlanes)
    {
        separatePlanes = false;
        chromaFormat = reader.ReadUnsigned();
        if (chromaFormat > 3)
            return false;
        if (chromaFormat == 3)
            separatePlanes = reader.ReadFlag();
        reader.ReadUnsigned(); // bit_depth_luma_minus8
        reader.ReadUnsigned(); // bit_depth_chroma_minus8
        reader.ReadFlag(); // qpprime_y_zero_transform_bypass_flag
        if (!reader.ReadFlag())
            return !reader.Overrun;
        var listCount = chromaFormat == 3 ? 12 : 8;
        for (var list = 0; list < listCount; list++)
        {
            if (reader.ReadFlag())
                SkipScalingList(ref reader, list < 6 ? 16 : 64);
        }

        return !reader.Overrun;
    }

    private static void SkipScalingList(ref RbspReader reader, int size)
    {
        var last = 8;
        var next = 8;
        for (var i = 0; i < size && next != 0; i++)
        {
            next = (last + reader.ReadSigned() + 256) & 0xFF;
            last = next == 0 ? last : next;
        }
    }

    private static bool TrySkipPictureOrderCount(ref RbspReader reader)
    {
        var type = reader.ReadUnsigned();
        if (type == 0)
        {
            reader.ReadUnsigned(); // log2_max_pic_order_cnt_lsb_minus4
        }
        else if (type == 1)
        {
            reader.ReadFlag(); // delta_pic_order_always_zero_flag
            reader.ReadSigned(); // offset_for_non_ref_pic
            reader.ReadSigned(); // offset_for_top_to_bottom_field
            var count = reader.ReadUnsigned();
            if (count > 255)
                return false;
            for (var i = 0; i < count; i++)
                reader.ReadSigned();
        }

        return type <= 2 && !reader.Overrun;
    }
}
