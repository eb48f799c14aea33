using Concentus;
using Concentus.Structs;

namespace MediaScore.Codecs.Opus;

/// <summary>The managed port of libopus: for machines without the library.</summary>
internal sealed class ConcentusDecoder : OpusPacketDecoder
{
#pragma warning disable CS0618 // The factory would look for a native library again; this class is the one that must not.
    private readonly OpusDecoder _decoder = new OpusDecoder(SampleRate, 1);
#pragma warning restore CS0618

    public override string Implementation => "Concentus (managed)";

    public override void Reset() => _decoder.ResetState();

    private protected override int DecodeCore(ReadOnlySpan<byte> packet, Span<float> pcm16k, bool forwardErrorCorrection)
    {
        try
        {
            return _decoder.Decode(packet, pcm16k, Math.Min(pcm16k.Length, MaxSampleCount), forwardErrorCorrection);
        }
        catch (Exception fault) when (fault is OpusException or IndexOutOfRangeException or ArgumentException)
        {
            return -1; // The port throws where libopus returns a code.
        }
    }

    private protected override void DisposeCore() => _decoder.Dispose();
}
