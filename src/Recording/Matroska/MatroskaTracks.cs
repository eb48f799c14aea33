using System.Buffers.Binary;

namespace MediaScore.Recording.Matroska;

/// <summary>Describes recorded tracks in Matroska's words.</summary>
internal static class MatroskaTracks
{
    /// <param name="first">The first packet of the track that will be written.</param>
    public static MatroskaTrack ForAudio(int number, TrackFormat format, RecordedPacket first)
    {
        if (format.Codec == MediaCodec.Pcm16)
            return new MatroskaTrack(number, "A_PCM/INT/LIT", [], format.SampleRate, format.Channels, BitDepth: 16);
        // Who describes no channel count has it in the packet (RFC 6716, 3.1: bit 2 is stereo).
        var channels = format.Channels is 1 or 2 ? format.Channels : first.Payload.Length > 0 && (first.Payload.Span[0] & 4) != 0 ? 2 : 1;
        return new MatroskaTrack(number, "A_OPUS", OpusHead(channels), 48000, channels);
    }

    /// <summary>Null where the packet is no key frame that tells the picture's size.</summary>
    public static MatroskaTrack? TryForVideo(int number, TrackFormat format, RecordedPacket keyFrame)
    {
        var payload = keyFrame.Payload.Span;
        switch (format.Codec)
        {
            case MediaCodec.Vp8:
                return TryReadVp8Size(payload) is { } vp8 ? new MatroskaTrack(number, "V_VP8", [], Width: vp8.Width, Height: vp8.Height) : null;
            case MediaCodec.Jpeg:
                return TryReadJpegSize(payload) is { } jpeg ? new MatroskaTrack(number, "V_MJPEG", [], Width: jpeg.Width, Height: jpeg.Height) : null;
            case MediaCodec.H264:
                return AnnexB.TryReadConfiguration(payload) is { } avc
                    ? new MatroskaTrack(number, "V_MPEG4/ISO/AVC", avc.Configuration, Width: avc.Width, Height: avc.Height)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>RFC 7845, 5.1. No pre-skip: a clip begins at its own first packet, whatever came before.</summary>
    private static byte[] OpusHead(int channels)
    {
        var head = new byte[19];
        "OpusHead"u8.CopyTo(head);
        head[8] = 1;
        head[9] = (byte)channels;
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(12), 48000);
        return head;
    }

    /// <summary>RFC 6386, 9.1.</summary>
    private static (int Width, int Height)? TryReadVp8Size(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 10 || (frame[0] & 1) != 0 || !frame[3..6].SequenceEqual<byte>([0x9D, 0x01, 0x2A]))
            return null;
        var size = (BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF);
        return size is ( > 0, > 0) ? size : null;
    }

    /// <summary>ITU-T T.81, B.2.2: the frame header SOF.</summary>
    private static (int Width, int Height)? TryReadJpegSize(ReadOnlySpan<byte> picture)
    {
        for (var position = 2; position + 9 <= picture.Length && picture[position] == 0xFF;)
        {
            var marker = picture[position + 1];
            if (marker == 0xFF)
            {
                position++; // Fill byte.
                continue;
            }

            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            {
                var size = (BinaryPrimitives.ReadUInt16BigEndian(picture[(position + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(picture[(position + 5)..]));
                return size is ( > 0, > 0) ? size : null;
            }

            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(picture[(position + 2)..]);
        }

        return null;
    }
}
