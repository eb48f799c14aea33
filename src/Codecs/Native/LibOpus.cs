using System.Runtime.InteropServices;

namespace MediaScore.Codecs.Native;

/// <summary>The few functions of libopus that decoding needs (opus.h).</summary>
internal static unsafe partial class LibOpus
{
    internal const string Name = "libopus.so.0";

    /// <summary>Whether the library is on this machine; looked up once.</summary>
    internal static bool IsAvailable { get; } = NativeLibrary.TryLoad(Name, out _);

    internal static string Version => Marshal.PtrToStringUTF8((nint)GetVersionString()) ?? "unknown";

    [LibraryImport(Name, EntryPoint = "opus_decoder_create")]
    internal static partial OpusDecoderHandle CreateDecoder(int sampleRate, int channels, out int error);

    [LibraryImport(Name, EntryPoint = "opus_decoder_init")]
    internal static partial int InitDecoder(OpusDecoderHandle decoder, int sampleRate, int channels);

    [LibraryImport(Name, EntryPoint = "opus_decoder_destroy")]
    internal static partial void DestroyDecoder(nint decoder);

    [LibraryImport(Name, EntryPoint = "opus_decode_float")]
    internal static partial int DecodeFloat(OpusDecoderHandle decoder, byte* packet, int packetLength, float* pcm, int frameSize, int decodeFec);

    [LibraryImport(Name, EntryPoint = "opus_get_version_string")]
    private static partial byte* GetVersionString();
}
