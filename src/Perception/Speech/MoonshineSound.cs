namespace MediaScore.Perception.Speech;

/// <summary>Numbers of Moonshine's ear: 16 kHz samples in, frames out through three convolutions (arXiv:2410.15608, section 3.1).</summary>
internal static class MoonshineSound
{
    public const int SampleRate = 16_000;

    // Below 895 samples the convolutions have nothing to give (ONNX Runtime fails); 0.1 s leaves two frames.
    private const int FewestSamples = SampleRate / 10;

    // Six tokens a second are more than the fastest speech holds; the floor lets a short "yes, thank you" end by itself.
    private const int TokensPerSecond = 6;
    private const int FewestTokens = 8;

    /// <summary>Samples that the model must be given for a clip of this length; the rest is silence.</summary>
    public static int PaddedSampleCount(int sampleCount) => Math.Max(sampleCount, FewestSamples);

    /// <summary>Encoder frames of a clip, about 41.6 a second: kernel 127 stride 64, kernel 7 stride 3, kernel 3 stride 2, without padding.</summary>
    public static int FrameCount(int sampleCount) => Convolve(Convolve(Convolve(sampleCount, 127, 64), 7, 3), 3, 2);

    /// <summary>Where decoding stops if the model does not.</summary>
    public static int TokenLimit(int sampleCount) => Math.Max(FewestTokens, (int)((long)sampleCount * TokensPerSecond / SampleRate));

    private static int Convolve(int length, int kernel, int stride) => length < kernel ? 0 : ((length - kernel) / stride) + 1;
}
