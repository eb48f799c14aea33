using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>Opens ONNX Runtime sessions the one way this process wants them: one thread, the caller's, and one shared arena.</summary>
internal static class OnnxSessions
{
    // The arena is the process's, shared by all sessions, and grows only by what is asked for: by default it doubles, and tensors of many lengths would
    // leave it mostly empty chunks (onnxruntime issue 11118).
    private static readonly Lazy<bool> SharedArena = new(RegisterSharedArena);

    private static readonly Dictionary<string, string> CudaOptions = new()
    {
        // One process, one card: more cards want more processes (CUDA_VISIBLE_DEVICES).
        ["device_id"] = "0",

        // By default products of float32 keep ten bits of each factor.
        ["use_tf32"] = "0",

        // By default every shape's convolutions are timed and the quickest stays, which need not be the same one at the next start; without any search they take
        // thirty times as long.
        ["cudnn_conv_algo_search"] = "HEURISTIC",
        ["arena_extend_strategy"] = "kSameAsRequested",
    };

#if MEDIASCORE_CUDA
    public const string Provider = Cuda;
#else
    public const string Provider = "CPU";
#endif
    private const string Cuda = "CUDA";

    /// <summary>A build for graphics cards.</summary>
    public static bool IsOnCard { get; } = Provider == Cuda;

    /// <param name="varyingShapes">The shapes differ from run to run: no memory plan is kept for a shape.</param>
    public static InferenceSession Open(string path, bool varyingShapes)
    {
        _ = SharedArena.Value;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            EnableMemoryPattern = !varyingShapes,

            // Converted files hold initializers that nothing uses; ONNX Runtime warns about each at load.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // A worker that waits for the next batch must not burn the core that decodes sound.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        ByteProductPrecision.Keep(options);
        AppendProvider(options, path);
        return new InferenceSession(path, options);
    }

    /// <summary>To be called for the options of each session that runs a prepared graph: what is checked and measured must be what runs.</summary>
    [Conditional("MEDIASCORE_CUDA")]
    public static void AppendProvider(SessionOptions options, string path)
    {
        if (HasByteProducts(path))
            return;
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(CudaOptions);
        options.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>
    /// Whether a graph multiplies bytes, as the recogniser's do. The card's provider has no kernel for that: the products would stay on the processor and everything
    /// between them go to the card and back, for hardly less time and for other roundings, which quantisation turns into steps.
    /// </summary>
    internal static bool HasByteProducts(string path) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().IndexOf("MatMulInteger"u8) >= 0;

    private static bool RegisterSharedArena()
    {
        const uint noLimit = 0;
        const int sameAsRequested = 1;
        const int runtimeDefault = -1;
        using var configuration = new OrtArenaCfg(noLimit, sameAsRequested, runtimeDefault, runtimeDefault);
        OrtEnv.Instance().CreateAndRegisterAllocator(OrtMemoryInfo.DefaultInstance, configuration);
        return true;
    }
}
