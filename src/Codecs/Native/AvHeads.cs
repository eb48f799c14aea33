using System.Runtime.InteropServices;

namespace MediaScore.Codecs.Native;

/// <summary>The head of <c>AVFrame</c> (libavutil 57, frame.h); <see cref="LibAvCheck"/> proves the layout at load.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct AvFrameHead
{
    /// <summary><c>uint8_t *data[8]</c>: the planes.</summary>
    [FieldOffset(0)] internal byte* Plane0;

    /// <summary><c>int linesize[8]</c>: bytes a row of each plane, negative where rows run upwards.</summary>
    [FieldOffset(64)] internal int Stride0;

    [FieldOffset(104)] internal int Width;
    [FieldOffset(108)] internal int Height;

    /// <summary><c>enum AVPixelFormat</c>.</summary>
    [FieldOffset(116)] internal int Format;
}

/// <summary>The head of <c>AVPacket</c> (libavcodec 59, packet.h); <see cref="LibAvCheck"/> proves the layout at load.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct AvPacketHead
{
    [FieldOffset(24)] internal byte* Data;
    [FieldOffset(32)] internal int Size;
}
