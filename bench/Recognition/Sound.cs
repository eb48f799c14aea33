using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>An utterance in memory.</summary>
internal sealed record Sound(SpokenUtterance Utterance, float[] Samples)
{
    public const int SampleRate = 16_000;

    public string Name => Path.GetFileName(Utterance.Path);

    public double Seconds => (double)Samples.Length / SampleRate;

    /// <summary>The limit of the product's recogniser: six tokens a second of sound, at least eight.</summary>
    public int TokenLimit => Math.Max(8, Samples.Length * 6 / SampleRate);
}
