namespace MediaScore.Codecs.Opus;

/// <summary>The layer that coded a packet (RFC 6716, 3.1).</summary>
public enum OpusMode { Silk, Hybrid, Celt }

/// <summary>What a packet says of itself, without decoding (RFC 6716, 3.1 and 3.2).</summary>
/// <param name="FrameCount">1 to 48.</param>
/// <param name="FrameSampleCount">Samples of one frame at 48 kHz: 120 (2.5 ms) to 2880 (60 ms).</param>
/// <param name="Channels">1 or 2, as coded.</param>
public readonly record struct OpusPacketInfo(OpusMode Mode, int FrameCount, int FrameSampleCount, int Channels)
{
    /// <summary>2.5 to 120 ms.</summary>
    public TimeSpan Duration => TimeSpan.FromMicroseconds((long)FrameCount * FrameSampleCount * 1_000_000 / 48_000);

    /// <param name="sampleRate">8000, 12000, 16000, 24000 or 48000.</param>
    public int SampleCountAt(int sampleRate) => (int)((long)FrameCount * FrameSampleCount * sampleRate / 48_000);
}
