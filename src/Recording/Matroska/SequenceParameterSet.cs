namespace MediaScore.Recording.Matroska;

/// <summary>The picture size in an H.264 sequence parameter set (ITU-T H.264, 7.3.2.1.1). Nothing else of it is kept.</summary>
internal static class SequenceParameterSet
{
    // Larger ones are refused: a file's header should not carry nonsense.
    private const uint MaxMacroblocks = 16384 / 16;

    /// <param name="unit">The unit without its start code.</param>
    public static (int Width, int Height)? TryReadSize(ReadOnlySpan<byte> unit)
    {
        var bits = new BitReader(unit[1..]);
        var profile = bits.Read(8);
        bits.Read(16); // Constraints, level.
        bits.ReadExpGolomb(); // seq_parameter_set_id
        uint chroma = 1;
        if (profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chroma = bits.ReadExpGolomb();
            if (chroma == 3)
                bits.Read(1); // separate_colour_plane_flag
            bits.ReadExpGolomb(); // bit_depth_luma_minus8
            bits.ReadExpGolomb(); // bit_depth_chroma_minus8
            bits.Read(1); // qpprime_y_zero_transform_bypass_flag
            if (bits.Read(1) == 1)
                SkipScalingLists(ref bits, chroma == 3 ? 12 : 8);
        }

        bits.ReadExpGolomb(); // log2_max_frame_num_minus4
        SkipPictureOrder(ref bits);
        bits.ReadExpGolomb(); // max_num_ref_frames
        bits.Read(1); // gaps_in_frame_num_value_allowed_flag
        var width = bits.ReadExpGolomb() + 1;
        var mapHeight = bits.ReadExpGolomb() + 1;
        var frameOnly = bits.Read(1);
        if (frameOnly == 0)
            bits.Read(1); // mb_adaptive_frame_field_flag
        bits.Read(1); // direct_8x8_inference_flag
        if (bits.IsExhausted || width > MaxMacroblocks || mapHeight > MaxMacroblocks || chroma > 3)
            return null;
        var height = mapHeight * (2 - frameOnly);
        var (left, right, top, bottom) = (0u, 0u, 0u, 0u);
        if (bits.Read(1) == 1)
            (left, right, top, bottom) = (bits.ReadExpGolomb(), bits.ReadExpGolomb(), bits.ReadExpGolomb(), bits.ReadExpGolomb());
        // Cropping counts chroma samples (table 6-1), and fields where there are fields.
        long cropX = chroma is 1 or 2 ? 2 : 1;
        long cropY = (chroma == 1 ? 2 : 1) * (2 - frameOnly);
        var cropped = ((width * 16) - (cropX * ((long)left + right)), (height * 16) - (cropY * ((long)top + bottom)));
        return cropped is ( > 0 and <= 16384, > 0 and <= 32768) && !bits.IsExhausted ? ((int)cropped.Item1, (int)cropped.Item2) : null;
    }

    private static void SkipPictureOrder(ref BitReader bits)
    {
        switch (bits.ReadExpGolomb())
        {
            case 0:
                bits.ReadExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
                break;
            case 1:
                bits.Read(1); // delta_pic_order_always_zero_flag
                bits.ReadExpGolomb(); // offset_for_non_ref_pic
                bits.ReadExpGolomb(); // offset_for_top_to_bottom_field
                for (var count = Math.Min(bits.ReadExpGolomb(), 255); count > 0; count--)
                    bits.ReadExpGolomb();
                break;
        }
    }

    private static void SkipScalingLists(ref BitReader bits, int listCount)
    {
        for (var list = 0; list < listCount; list++)
        {
            if (bits.Read(1) == 0)
                continue;
            var (last, next) = (8, 8);
            for (var i = list < 6 ? 16 : 64; i > 0 && next != 0; i--)
            {
                var code = bits.ReadExpGolomb();
                var delta = (code & 1) == 1 ? (int)((code + 1) / 2) : -(int)(code / 2);
                next = (last + delta + 256) & 0xFF;
                last = next == 0 ? last : next;
            }
        }
    }

    /// <summary>Bits of a unit's payload, emulation prevention bytes left out; zeros behind its end.</summary>
    private ref struct BitReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _position;
        private int _bit;
        private int _zeros;

        public bool IsExhausted { get; private set; }

        public uint Read(int count)
        {
            uint value = 0;
            for (; count > 0; count--)
                value = (value << 1) | ReadBit();
            return value;
        }

        public uint ReadExpGolomb()
        {
            var zeros = 0;
            while (ReadBit() == 0)
            {
                if (++zeros > 31 || IsExhausted)
                {
                    IsExhausted = true;
                    return 0;
                }
            }

            return (1u << zeros) - 1 + Read(zeros);
        }

        private uint ReadBit()
        {
            if (_position >= _bytes.Length)
            {
                IsExhausted = true;
                return 0;
            }

            var bit = (uint)(_bytes[_position] >> (7 - _bit)) & 1;
            if (++_bit < 8)
                return bit;
            _bit = 0;
            _zeros = _bytes[_position] == 0 ? _zeros + 1 : 0;
            _position++;
            // 00 00 03: the 03 only keeps a start code from appearing (7.4.1).
            if (_zeros >= 2 && _position < _bytes.Length && _bytes[_position] == 3)
            {
                _position++;
                _zeros = 0;
            }

            return bit;
        }
    }
}
