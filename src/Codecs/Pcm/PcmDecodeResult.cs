namespace MediaScore.Codecs.Pcm;

/// <summary>What one packet of PCM gave.</summary>
/// <param name="SampleCount">Samples written, at 16 kHz; 0 with an error.</param>
public readonly record struct PcmDecodeResult(int SampleCount, PcmDecodeError Error)
{
    public bool Succeeded => Error == PcmDecodeError.None;
}

/// <summary>Why a packet gave no samples.</summary>
public enum PcmDecodeError
{
    None,

    /// <summary>The length is not a whole number of sample frames (2 bytes x channels).</summary>
    CutSample,

    /// <summary>The caller's buffer is shorter than <see cref="PcmDecoder.MaxSampleCount"/>.</summary>
    BufferTooSmall,
}
