using System.Buffers.Binary;

namespace MediaScore.Codecs.Containers;

/// <summary>The head of an Ogg Opus stream (RFC 7845, 5.1).</summary>
/// <param name="Channels">1 or 2: mapping family 0, one Opus stream.</param>
/// <param name="PreSkip">Samples at 48 kHz at the start that are not part of the sound (usually 312: 6.5 ms).</param>
/// <param name="InputSampleRate">Of the original, for display; 0 = unknown.</param>
/// <param name="OutputGainDb">To be applied by a player.</param>
public sealed record OggOpusHead(int Channels, int PreSkip, int InputSampleRate, double OutputGainDb)
{
    private const int MinLength = 19;

    /// <summary>The packet that opens every Ogg Opus stream.</summary>
    internal static bool IsHead(ReadOnlySpan<byte> packet) => packet.StartsWith("OpusHead"u8);

    internal static OggOpusHead? TryRead(ReadOnlySpan<byte> packet, out string? error)
    {
        error = packet.Length < MinLength ? "Opus head shorter than its 19 bytes."
            : (packet[8] & 0xF0) != 0 ? $"Opus head of version {packet[8]}; only 0 to 15 are compatible."
            : packet[18] != 0 || packet[9] is not (1 or 2) ? $"Opus with {packet[9]} channels, mapping family {packet[18]}; only mono and stereo (family 0) are read."
            : null;
        return error is not null
            ? null
            : new OggOpusHead(
                packet[9], BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]), (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(packet[12..])),
                BinaryPrimitives.ReadInt16LittleEndian(packet[16..]) / 256.0);
    }
}
