using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Speech;

/// <summary>
/// Tells speech from everything else with Silero VAD (MIT): one probability for each 32 ms of 16 kHz mono sound. Streams of all interviews share batches, and a
/// stream's answers are bit-equal alone and in any batch. Thread-safe; a stream is not.
/// </summary>
public sealed class VoiceActivityDetector
{
    /// <summary>Samples a second.</summary>
    public const int SampleRate = 16_000;

    /// <summary>New samples of one window: 32 ms.</summary>
    public const int WindowSamples = 512;

    /// <summary>Samples of the window before, which the model wants in front (Silero's own wrapper does the same).</summary>
    internal const int ContextSamples = 64;

    internal static readonly RowShape InputShape = new(ContextSamples + WindowSamples);

    // Everyone who waits goes at once: 128 rows take less than a millisecond, and every run less is a change of threads less.
    private const int MaxBatch = 128;

    private readonly InferencePool _pool;
    private readonly ModelHandle _model;

    /// <param name="model">The prepared <c>silero-vad</c>.</param>
    public VoiceActivityDetector(InferencePool pool, PreparedModel model)
        : this(pool, model.GraphPath, model.Version)
    {
    }

    /// <param name="modelPath">The prepared <c>silero-vad</c> file.</param>
    /// <param name="modelVersion">As it shall stand in observations.</param>
    public VoiceActivityDetector(InferencePool pool, string modelPath, string modelVersion)
    {
        _pool = pool;
        ModelVersion = modelVersion;
        _model = pool.Load(new ModelLoad(ModelId, modelPath)
        {
            MaxBatch = MaxBatch,
            Inputs = ["input"],
            Outputs = ["output"],
            Constants = [new ModelConstant("sr", [SampleRate], [])],
            State = new RecurrentState("state", "stateN", new RowShape(2, 128), BatchAxis: 1),
            WarmShape = [InputShape],
        });
    }

    public string ModelId { get; } = "silero-vad";

    public string ModelVersion { get; }

    /// <summary>Begins a stream with an empty state. Dispose it.</summary>
    /// <param name="owner">An id that names the owner of a leak, for example the interview's.</param>
    public VoiceActivityStream Open(string owner) => new(_pool, _pool.OpenSlot(_model, owner));
}
