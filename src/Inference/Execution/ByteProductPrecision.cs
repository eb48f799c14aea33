using System.Runtime.Intrinsics.X86;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>
/// Whether this processor's products of unsigned with signed bytes are exact. With VNNI they are, and they are also the fastest that ONNX Runtime has; an x64
/// processor without it adds pairs in 16 bits, which overflow. There, ONNX Runtime is told to turn the signed weights into unsigned ones when a graph is loaded:
/// the same bits, at less than half the speed.
/// </summary>
public static class ByteProductPrecision
{
    // onnxruntime_session_options_config_keys.h, kOrtSessionOptionsAvx2PrecisionMode.
    private const string TurnSignedWeights = "session.x64quantprecision";

    /// <summary>False on every processor that is not x64, and on x64 with VNNI.</summary>
    public static bool MayOverflow { get; } = X86Base.IsSupported && !AvxVnni.IsSupported && !HasAvx512Vnni();

    /// <summary>To be called for the options of each session that runs a graph with 8-bit weights.</summary>
    public static void Keep(SessionOptions options)
    {
        if (MayOverflow)
            Force(options);
    }

    /// <summary>As on a processor without VNNI.</summary>
    internal static void Force(SessionOptions options) => options.AddSessionConfigEntry(TurnSignedWeights, "1");

    private static bool HasAvx512Vnni()
    {
        // CPUID leaf 7: bit 11 of ECX. The runtime's own flag says that the operating system keeps the wide registers.
        const int ExtendedFeatures = 7;
        const int Vnni = 1 << 11;
        return Avx512BW.IsSupported && X86Base.CpuId(0, 0).Eax >= ExtendedFeatures && (X86Base.CpuId(ExtendedFeatures, 0).Ecx & Vnni) != 0;
    }
}
