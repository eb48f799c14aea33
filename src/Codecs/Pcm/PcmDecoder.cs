using System.Buffers.Binary;

namespace MediaScore.Codecs.Pcm;

/// <summary>
/// Signed 16-bit little-endian PCM, interleaved, to mono float samples at 16 kHz. Stateful: packets of one stream, in order; the same samples come out
/// whatever the packet lengths. Not thread safe. Allocates only where a packet is larger than any before it.
/// </summary>
public sealed class PcmDecoder
{
    public const int MinSampleRate = StreamingResampler.MinSampleRate;
    public const int MaxSampleRate = StreamingResampler.MaxSampleRate;
    public const int MaxChannels = 8;

    private readonly StreamingResampler _resampler;
    private readonly float[] _weights;
    private float[] _mono = [];

    /// <param name="sampleRate">8000 to 48000, samples a second.</param>
    /// <param name="channels">1 to 8, in the order of WAVE files (front left, front right, centre, LFE, back left, back right, ...).</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside those bounds; ask <see cref="IsSupported"/> first where a peer chose them.</exception>
    public PcmDecoder(int sampleRate, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, MaxChannels);
        _resampler = new StreamingResampler(sampleRate);
        _weights = MonoDownmix.Weights(channels);
    }

    public int SampleRate => _resampler.InputSampleRate;

    public int Channels => _weights.Length;

    public static bool IsSupported(int sampleRate, int channels) =>
        sampleRate is >= MinSampleRate and <= MaxSampleRate && channels is >= 1 and <= MaxChannels;

    /// <summary>The most samples that a packet of this length can give; also a bound for <see cref="Flush"/> with 0.</summary>
    public int MaxSampleCount(int packetBytes) => _resampler.MaxOutputCount(packetBytes / (2 * Channels));

    /// <summary>
    /// Decodes one packet. The filter needs samples ahead, so up to 7 ms (at 8 kHz; 3.3 ms at 48 kHz) of what went in comes out with later packets or with
    /// <see cref="Flush"/>. Sample <c>n</c> that comes out lies at exactly <c>n / 16000</c> s of the stream.
    /// </summary>
    /// <param name="packet">Whole sample frames.</param>
    /// <param name="pcm16k">The caller's buffer, at least <see cref="MaxSampleCount"/> long.</param>
    public PcmDecodeResult Decode(ReadOnlySpan<byte> packet, Span<float> pcm16k)
    {
        if (packet.Length % (2 * Channels) != 0)
            return new PcmDecodeResult(0, PcmDecodeError.CutSample);
        if (pcm16k.Length < MaxSampleCount(packet.Length))
            return new PcmDecodeResult(0, PcmDecodeError.BufferTooSmall);
        var frameCount = packet.Length / (2 * Channels);
        if (_mono.Length < frameCount)
            _mono = new float[frameCount];
        var mono = _mono.AsSpan(0, frameCount);
        Downmix(packet, mono);
        return new PcmDecodeResult(_resampler.Process(mono, pcm16k), PcmDecodeError.None);
    }

    /// <summary>The end of the stream: what the filter still holds. The decoder then begins anew.</summary>
    /// <param name="pcm16k">At least <see cref="MaxSampleCount"/> of 0 long.</param>
    public PcmDecodeResult Flush(Span<float> pcm16k) => pcm16k.Length < MaxSampleCount(0)
        ? new PcmDecodeResult(0, PcmDecodeError.BufferTooSmall)
        : new PcmDecodeResult(_resampler.Flush(pcm16k), PcmDecodeError.None);

    private void Downmix(ReadOnlySpan<byte> packet, Span<float> mono)
    {
        const float FullScale = 1f / 32768f;
        if (_weights.Length == 1)
        {
            for (var frame = 0; frame < mono.Length; frame++)
                mono[frame] = BinaryPrimitives.ReadInt16LittleEndian(packet[(2 * frame)..]) * FullScale;
            return;
        }

        var offset = 0;
        for (var frame = 0; frame < mono.Length; frame++)
        {
            var sum = 0f;
            foreach (var weight in _weights)
            {
                sum += weight * BinaryPrimitives.ReadInt16LittleEndian(packet[offset..]);
                offset += 2;
            }

            mono[frame] = sum * FullScale;
        }
    }
}
