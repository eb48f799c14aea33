namespace MediaScore.Codecs.Opus;

/// <summary>Why a packet gave no samples.</summary>
public enum OpusDecodeError
{
    None,

    /// <summary>The bytes are no Opus packet (RFC 6716, 3.4).</summary>
    Malformed,

    /// <summary>The caller's buffer is shorter than the packet, or the length asked for is not a multiple of 2.5 ms up to 120 ms.</summary>
    BufferTooSmall,

    /// <summary>Well formed outside, but the codec could not decode it.</summary>
    Refused,
}

/// <summary>What one packet gave.</summary>
/// <param name="SampleCount">Samples written, at 16 kHz; 0 with an error.</param>
public readonly record struct OpusDecodeResult(int SampleCount, OpusDecodeError Error)
{
    public bool Succeeded => Error == OpusDecodeError.None;

    internal static OpusDecodeResult Failed(OpusDecodeError error) => new(0, error);
}
