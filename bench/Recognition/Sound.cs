using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>An utterance in memory.</summary>
internal sealed record Sound(SpokenUtterance Utterance, float[] Samples)
{
    public const int SampleRate = 16_000;

    public double Seconds => (double)Samples.Length / SampleRate;

    /// <summary>The limit of the product's recogniser: six tokens a second of sound, at least eight.</summary>
    public int TokenLimit => Math.Max(8, Samples.Length * 6 / SampleRate);
}

/// <summary>What one pass over all sounds gave.</summary>
/// <param name="Texts">In the order of the sounds.</param>
internal sealed record RecognitionRun(IReadOnlyList<string> Texts, TimeSpan EncoderTime, TimeSpan DecoderTime, int Steps);
