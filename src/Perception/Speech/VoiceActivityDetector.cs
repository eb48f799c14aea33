using MediaScore.Inference;

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

    /// <param name="modelPath">The prepared <c>silero-vad</c> file.</param>
    /// <param name="modelVersion">As it shall stand in observations.</param>
    public VoiceActivityDetector(InferencePool pool, string modelPath, string modelVersion) => ModelVersion = modelVersion;

    public string ModelId { get; } = "silero-vad";

    public string ModelVersion { get; }

    /// <summary>Begins a stream with an empty state. Dispose it.</summary>
    /// <param name="owner">An id that names the owner of a leak, for example the interview's.</param>
    public VoiceActivityStream Open(string owner) => throw new NotSupportedException("Not yet.");
}
