using System.Buffers.Binary;

namespace MediaScore.Codecs.Video;

/// <summary>Reads from the bitstream whether a payload is a key frame and how large it is: a sender's flag is not trusted. Allocates nothing, decodes nothing.</summary>
public static class KeyFrameInspector
{
    /// <summary>False where the payload is not what the codec's syntax demands, with the reason; true for a whole key frame and for any other frame.</summary>
    public static bool TryInspect(VideoCodec codec, ReadOnlySpan<byte> payload, out KeyFrameInfo info, out string? error)
    {
        error = codec switch
        {
            VideoCodec.Vp8 => InspectVp8(payload, out info),
            VideoCodec.H264 => InspectH264(payload, out info),
            VideoCodec.Jpeg => InspectJpeg(payload, out info),
            VideoCodec.Png => PngFile.Inspect(payload, out info),
            _ => Unknown(out info),
        };
        return error is null;

        static string Unknown(out KeyFrameInfo info)
        {
            info = default;
            return "Unknown picture codec.";
        }
    }

    /// <summary>RFC 6386, 9.1: the frame tag, and on key frames the start code and 14-bit dimensions.</summary>
    private static string? InspectVp8(ReadOnlySpan<byte> frame, out KeyFrameInfo info)
    {
        info = default;
        if (frame.Length < 3)
            return "VP8 frame shorter than its 3-byte tag.";
        var tag = frame[0] | (frame[1] << 8) | (frame[2] << 16);
        if ((tag & 1) != 0)
            return null; // An inter frame.
        if (frame.Length < 10)
            return "VP8 key frame shorter than its 10-byte header.";
        if (frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A)
            return "VP8 key frame without the start code 9D 01 2A.";
        var firstPartition = tag >> 5;
        if (firstPartition > frame.Length - 10)
            return "VP8 key frame cut inside its first partition.";
        var width = BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & 0x3FFF;
        var height = BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF;
        if (width == 0 || height == 0)
            return "VP8 key frame of no size.";
        info = new KeyFrameInfo(IsKeyFrame: true, width, height);
        return null;
    }

    /// <summary>ITU-T H.264, 7.3.1 and 7.4.1.2.3: an IDR slice, after the parameter sets that it needs.</summary>
    private static string? InspectH264(ReadOnlySpan<byte> accessUnit, out KeyFrameInfo info)
    {
        info = default;
        var rest = accessUnit;
        var width = 0;
        var height = 0;
        bool hasSequenceSet = false, hasPictureSet = false, hasSlice = false, hasIdrSlice = false;
        while (AnnexB.TryReadUnit(ref rest, out var unit))
        {
            switch (AnnexB.UnitType(unit))
            {
                case AnnexB.NonIdrSlice:
                    hasSlice = true;
                    break;
                case AnnexB.IdrSlice:
                    hasIdrSlice = true;
                    break;
                case AnnexB.SequenceParameterSet:
                    if (!SequenceParameterSet.TryReadDimensions(unit, out width, out height))
                        return "H.264 sequence parameter set that can't be read.";
                    hasSequenceSet = true;
                    break;
                case AnnexB.PictureParameterSet:
                    hasPictureSet = true;
                    break;
            }
        }

        if (!hasIdrSlice)
            return hasSlice ? null : "No H.264 slice found: the payload must be an Annex B access unit (start codes, not lengths).";
        if (!hasSequenceSet || !hasPictureSet)
            return "H.264 IDR picture without SPS and PPS before it: send both with each key frame.";
        info = new KeyFrameInfo(IsKeyFrame: true, width, height);
        return null;
    }

    /// <summary>ITU-T T.81, B.2: marker segments up to the frame header.</summary>
    private static string? InspectJpeg(ReadOnlySpan<byte> image, out KeyFrameInfo info)
    {
        info = default;
        if (image.Length < 4 || image[0] != 0xFF || image[1] != 0xD8)
            return "Not a JPEG picture (it does not begin with FF D8).";
        var rest = image[2..];
        while (rest.Length >= 4 && rest[0] == 0xFF)
        {
            var marker = rest[1];
            if (marker == 0xFF)
            {
                rest = rest[1..]; // Fill byte.
                continue;
            }

            if (marker is >= 0xD0 and <= 0xD9 or 0x01 or 0x00)
                break; // Nothing that stands alone may come before the frame header.
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 2 || length + 2 > rest.Length)
                break;
            if (IsFrameHeader(marker))
            {
                if (length < 8)
                    break;
                var height = BinaryPrimitives.ReadUInt16BigEndian(rest[5..]);
                var width = BinaryPrimitives.ReadUInt16BigEndian(rest[7..]);
                if (width == 0 || height == 0)
                    return "JPEG picture of no size.";
                info = new KeyFrameInfo(IsKeyFrame: true, width, height);
                return null;
            }

            rest = rest[(length + 2)..];
        }

        return "JPEG picture cut or damaged before its frame header.";
    }

    private static bool IsFrameHeader(byte marker) => marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;
}
