using MediaScore.Codecs.Native;

namespace MediaScore.Codecs.Opus;

/// <summary>libopus, decoding straight to 16 kHz mono. Allocates nothing a packet.</summary>
internal sealed unsafe class LibOpusDecoder : OpusPacketDecoder
{
    private readonly OpusDecoderHandle _decoder;

    internal LibOpusDecoder()
    {
        _decoder = LibOpus.CreateDecoder(SampleRate, channels: 1, out var error);
        if (_decoder.IsInvalid)
            throw new InvalidOperationException($"libopus could not make a decoder (error {error}): out of memory?");
    }

    public override string Implementation => LibOpus.Version;

    public override void Reset() => _ = LibOpus.InitDecoder(_decoder, SampleRate, channels: 1);

    private protected override int DecodeCore(ReadOnlySpan<byte> packet, Span<float> pcm16k, bool forwardErrorCorrection)
    {
        fixed (byte* data = packet)
        fixed (float* pcm = pcm16k)
        {
            // An empty span pins to null, which is libopus' own word for "lost".
            return LibOpus.DecodeFloat(_decoder, data, packet.Length, pcm, Math.Min(pcm16k.Length, MaxSampleCount), forwardErrorCorrection ? 1 : 0);
        }
    }

    private protected override void DisposeCore() => _decoder.Dispose();
}
