using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference;

/// <summary>Opens ONNX Runtime sessions the one way this process wants them: one thread, the caller's, and one shared arena.</summary>
internal static class OnnxSessions
{
    // The arena is the process's, shared by all sessions, and grows only by what is asked for: by default it doubles, and tensors of many lengths would
    // leave it mostly empty chunks (onnxruntime issue 11118).
    private static readonly Lazy<bool> SharedArena = new(RegisterSharedArena);

#if MEDIASCORE_CUDA
    public const string Provider = "CUDA";

    // One process, one card: more cards want more processes (CUDA_VISIBLE_DEVICES).
    private const int Device = 0;
#else
    public const string Provider = "CPU";
#endif

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
#if MEDIASCORE_CUDA
        // What it has no kernel for (int8 products, the recogniser's operators of ONNX Runtime's own) stays on the processor.
        options.AppendExecutionProvider_CUDA(Device);
#endif
        return new InferenceSession(path, options);
    }

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
