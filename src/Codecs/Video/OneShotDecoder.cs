using MediaScore.Codecs.Native;

namespace MediaScore.Codecs.Video;

/// <summary>One coded picture through a libavcodec decoder that lives just as long.</summary>
internal static unsafe class OneShotDecoder
{
    internal static DecodedPicture? Decode(VideoCodec codec, ReadOnlySpan<byte> accessUnit, int maxWidth, PictureScaler scaler, out string? error)
    {
        void* context = null;
        var packet = LibAv.AllocatePacket();
        var frame = LibAv.AllocateFrame();
        try
        {
            if (packet is null || frame is null || !TryFill(packet, accessUnit))
                throw new NativeLibraryException("libavcodec could not allocate a packet or a frame: out of memory.");
            context = Open(codec);
            error = DecodeOne(context, packet, frame);
            return error is null ? scaler.TryScale(frame, maxWidth, out error) : null;
        }
        finally
        {
            LibAv.FreeFrame(&frame);
            LibAv.FreePacket(&packet);
            if (context is not null)
                LibAv.FreeContext(&context);
        }
    }

    private static bool TryFill(AvPacketHead* packet, ReadOnlySpan<byte> accessUnit)
    {
        // Allocated by libavcodec: decoders read up to 64 bytes past the end, which must be zeros that exist.
        if (LibAv.AllocatePayload(packet, accessUnit.Length) < 0)
            return false;
        accessUnit.CopyTo(new Span<byte>(packet->Data, packet->Size));
        return true;
    }

    private static void* Open(VideoCodec codec)
    {
        var name = codec switch { VideoCodec.Vp8 => "vp8", VideoCodec.H264 => "h264", VideoCodec.Png => "png", _ => "mjpeg" };
        var decoder = LibAv.FindDecoder(name);
        if (decoder is null)
            throw new NativeLibraryException($"This FFmpeg was built without its {name} decoder. Install Debian's: apt-get install ffmpeg.");
        var context = LibAv.AllocateContext(decoder);
        if (context is null)
            throw new NativeLibraryException("libavcodec could not allocate a decoder: out of memory.");
        var accepted = LibAv.SetOption(context, "threads", 1, 0) >= 0
            && LibAv.SetOption(context, "max_pixels", (long)VideoKeyFrameDecoder.MaxDimension * VideoKeyFrameDecoder.MaxDimension, 0) >= 0
            // A damaged picture is refused: half a face, grey below, must not be measured as one.
            && LibAv.SetOption(context, "err_detect", "explode", 0) >= 0;
        var opened = accepted ? LibAv.Open(context, decoder, null) : -1;
        if (opened >= 0)
            return context;
        LibAv.FreeContext(&context);
        throw new NativeLibraryException($"FFmpeg could not open its {name} decoder: {(accepted ? LibAv.ErrorText(opened) : "unknown options")}.");
    }

    private static string? DecodeOne(void* context, AvPacketHead* packet, AvFrameHead* frame)
    {
        var result = LibAv.SendPacket(context, packet);
        if (result >= 0)
            result = LibAv.ReceiveFrame(context, frame);
        if (result == LibAv.TryAgain)
        {
            // H.264 decoders hold pictures back to put them in order; nothing follows this one, so drain.
            result = LibAv.SendPacket(context, null);
            if (result >= 0)
                result = LibAv.ReceiveFrame(context, frame);
        }

        return result >= 0 ? null : result == LibAv.EndOfFile ? "No picture in it." : $"Damaged picture ({LibAv.ErrorText(result)}).";
    }
}
