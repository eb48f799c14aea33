using MediaScore.Codecs.Native;

namespace MediaScore.Codecs.Opus;

/// <summary>Makes the best decoder that this machine has: libopus, or the managed Concentus, which needs twice the time.</summary>
public static class OpusDecoderFactory
{
    /// <summary>A decoder for one stream; the caller owns and disposes it.</summary>
    public static OpusPacketDecoder Create() => LibOpus.IsAvailable ? new LibOpusDecoder() : new ConcentusDecoder();

    /// <summary>The managed decoder, whatever the machine has.</summary>
    public static OpusPacketDecoder CreateManaged() => new ConcentusDecoder();
}
