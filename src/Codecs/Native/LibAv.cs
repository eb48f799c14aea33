using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace MediaScore.Codecs.Native;

/// <summary>
/// The functions of FFmpeg's libavcodec, libavutil and libswscale that decoding one picture needs. Contexts are opaque; what must be set on one goes through
/// <c>av_opt_set</c>, so the only layouts relied upon are the head of AVFrame and of AVPacket (<see cref="AvFrameHead"/>, <see cref="AvPacketHead"/>).
/// </summary>
internal static unsafe partial class LibAv
{
    internal const string Codec = "libavcodec.so.59";
    internal const string Util = "libavutil.so.57";
    internal const string Scale = "libswscale.so.6";

    /// <summary>AVERROR(EAGAIN): the decoder wants more input first.</summary>
    internal const int TryAgain = -11;

    /// <summary>AVERROR_EOF.</summary>
    internal const int EndOfFile = -('E' | ('O' << 8) | ('F' << 16) | (' ' << 24));

    internal const int LogQuiet = -8;

    /// <summary>SWS_BILINEAR: widens with the scale, so shrinking does not alias.</summary>
    internal const int ScaleBilinear = 2;

    /// <summary>SWS_ACCURATE_RND and SWS_BITEXACT: the same pixels on every CPU.</summary>
    internal const int ScaleExact = 0x40000 | 0x80000;

    internal const int PixelFormatRgb24 = 2;

    [LibraryImport(Codec, EntryPoint = "avcodec_version")]
    internal static partial uint CodecVersion();

    [LibraryImport(Util, EntryPoint = "avutil_version")]
    internal static partial uint UtilVersion();

    [LibraryImport(Scale, EntryPoint = "swscale_version")]
    internal static partial uint ScaleVersion();

    [LibraryImport(Util, EntryPoint = "av_log_set_level")]
    internal static partial void SetLogLevel(int level);

    [LibraryImport(Util, EntryPoint = "av_strerror")]
    internal static partial int DescribeError(int error, byte* text, nuint textLength);

    [LibraryImport(Util, EntryPoint = "av_opt_set_int", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetOption(void* target, string name, long value, int searchFlags);

    [LibraryImport(Util, EntryPoint = "av_opt_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetOption(void* target, string name, string value, int searchFlags);

    [LibraryImport(Codec, EntryPoint = "avcodec_find_decoder_by_name", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void* FindDecoder(string name);

    [LibraryImport(Codec, EntryPoint = "avcodec_alloc_context3")]
    internal static partial void* AllocateContext(void* decoder);

    [LibraryImport(Codec, EntryPoint = "avcodec_free_context")]
    internal static partial void FreeContext(void** context);

    [LibraryImport(Codec, EntryPoint = "avcodec_open2")]
    internal static partial int Open(void* context, void* decoder, void** options);

    [LibraryImport(Codec, EntryPoint = "avcodec_send_packet")]
    internal static partial int SendPacket(void* context, AvPacketHead* packet);

    [LibraryImport(Codec, EntryPoint = "avcodec_receive_frame")]
    internal static partial int ReceiveFrame(void* context, AvFrameHead* frame);

    [LibraryImport(Codec, EntryPoint = "av_packet_alloc")]
    internal static partial AvPacketHead* AllocatePacket();

    [LibraryImport(Codec, EntryPoint = "av_new_packet")]
    internal static partial int AllocatePayload(AvPacketHead* packet, int length);

    [LibraryImport(Codec, EntryPoint = "av_packet_unref")]
    internal static partial void ReleasePayload(AvPacketHead* packet);

    [LibraryImport(Codec, EntryPoint = "av_packet_free")]
    internal static partial void FreePacket(AvPacketHead** packet);

    [LibraryImport(Util, EntryPoint = "av_frame_alloc")]
    internal static partial AvFrameHead* AllocateFrame();

    [LibraryImport(Util, EntryPoint = "av_frame_get_buffer")]
    internal static partial int AllocatePlanes(AvFrameHead* frame, int align);

    [LibraryImport(Util, EntryPoint = "av_frame_unref")]
    internal static partial void ReleasePlanes(AvFrameHead* frame);

    [LibraryImport(Util, EntryPoint = "av_frame_free")]
    internal static partial void FreeFrame(AvFrameHead** frame);

    [LibraryImport(Scale, EntryPoint = "sws_isSupportedInput")]
    internal static partial int CanScaleFrom(int pixelFormat);

    [LibraryImport(Scale, EntryPoint = "sws_getCachedContext")]
    internal static partial void* GetScaler(
        void* previous, int sourceWidth, int sourceHeight, int sourceFormat, int width, int height, int format, int flags, void* sourceFilter,
        void* filter, double* parameters);

    [LibraryImport(Scale, EntryPoint = "sws_scale")]
    internal static partial int ScalePicture(void* scaler, byte** source, int* sourceStride, int firstRow, int rowCount, byte** target, int* targetStride);

    [LibraryImport(Scale, EntryPoint = "sws_freeContext")]
    internal static partial void FreeScaler(void* scaler);

    /// <summary>FFmpeg's own words for an error code.</summary>
    internal static string ErrorText(int error)
    {
        const int MaxLength = 128; // AV_ERROR_MAX_STRING_SIZE is 64.
        var text = stackalloc byte[MaxLength];
        _ = DescribeError(error, text, MaxLength);
        return Utf8StringMarshaller.ConvertToManaged(text) ?? $"error {error}";
    }
}
