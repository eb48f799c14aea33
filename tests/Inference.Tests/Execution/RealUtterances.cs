using MediaScore.TestMedia;

namespace MediaScore.Inference.Tests.Execution;

/// <summary>Real utterances, each decoded alone: what every batch must write as well.</summary>
public sealed class RealUtterances : IAsyncLifetime
{
    public const int MostTokens = 100;

    // The pipeline's longest utterance.
    private const int MostSamples = 15 * 16_000;

    // A sixth of the corpus on every run; bench/Recognition goes through all of it.
    private const int Stride = 6;

    private readonly List<(float[] States, DecodedSequence Decoded)> _decoded = [];

    /// <summary>Why there are none; empty where there are.</summary>
    public string SkipReason { get; private set; } = "";

    /// <summary>Against the order of the corpus.</summary>
    public IReadOnlyList<(float[] States, DecodedSequence Decoded)> DecodedAlone => _decoded;

    public async ValueTask InitializeAsync()
    {
        var corpus = SpeechCorpus.TryLoad();
        SkipReason = !PreparedMoonshine.IsThere ? PreparedMoonshine.SkipReason
            : !Ffmpeg.IsAvailable ? Ffmpeg.SkipReason
            : corpus is null ? SharedTestData.SkipReason
            : "";
        if (SkipReason.Length > 0)
            return;
        using var lone = new LocalDecoder(maxBatch: 1);
        foreach (var utterance in corpus!.Where((_, index) => index % Stride == 0).Reverse())
        {
            var samples = await SpokenSound.DecodeAsync(utterance.Path);
            var states = PreparedMoonshine.Encode(samples[..Math.Min(samples.Length, MostSamples)]);
            _decoded.Add((states, (await lone.DecodeAllAsync([states], MostTokens))[0]));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
