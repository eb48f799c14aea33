namespace MediaScore.Codecs.Containers;

/// <summary>The head of an Ogg Opus stream (RFC 7845, 5.1).</summary>
/// <param name="PreSkip">Samples at 48 kHz at the start that are not part of the sound.</param>
/// <param name="InputSampleRate">Of the original, for display; 0 = unknown.</param>
/// <param name="OutputGainDb">To be applied by a player.</param>
public sealed record OggOpusHead(int Channels, int PreSkip, int InputSampleRate, double OutputGainDb);

/// <summary>
/// Opus packets out of an Ogg stream (RFC 3533, RFC 7845), in order, from any readable stream. Memory is bounded by one page and one packet.
/// Not thread safe. The stream stays the caller's.
/// </summary>
public sealed class OggOpusReader(Stream stream)
{
    /// <summary>Set by the first successful read.</summary>
    public OggOpusHead? Head { get; private set; }

    /// <summary>The packet read last; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Packet { get; private set; }

    /// <summary>When the packet read last begins, from the first packet (durations added up).</summary>
    public TimeSpan Start { get; private set; }

    /// <summary>How long it lasts.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Why reading stopped before a proper end; null after a clean one.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next packet; false at the end, clean or not (<see cref="Error"/>).</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException($"Lands within minutes {stream}.");
}
