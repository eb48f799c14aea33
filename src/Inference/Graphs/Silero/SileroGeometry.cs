namespace MediaScore.Inference.Graphs.Silero;

/// <summary>Extents of Silero VAD 5 at 16 kHz. A row is 576 samples; mirrored at its end to 640 they are four frames of 256, 128 apart.</summary>
internal static class SileroGeometry
{
    public const int Samples = 576;

    public const int FrameSamples = 256;

    public const int FrameStep = 128;

    public const int Frames = 4;

    /// <summary>Frequencies of a frame.</summary>
    public const int Bins = (FrameSamples / 2) + 1;

    /// <summary>Width of the recurrent state, hidden and cell each.</summary>
    public const int Hidden = 128;

    /// <summary>Taps of each convolution over time.</summary>
    public const int Taps = 3;

    /// <summary>Channels before the first convolution and after each.</summary>
    public static readonly int[] Channels = [Bins, 128, 64, 64, 128];
}
