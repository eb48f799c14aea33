using MediaScore.Codecs.Opus;
using MediaScore.Codecs.Pcm;
using MediaScore.Recording;

namespace MediaScore.Pipelines.Session;

/// <summary>One track's packets to 16 kHz samples, and what is put where packets are missing. Each call's samples are valid until the next one.</summary>
internal sealed class AudioPacketDecoder : IDisposable
{
    private const int SampleRate = OpusPacketDecoder.SampleRate;

    // 2.5 ms: the step of the codec's own concealment.
    private const int ConcealmentStep = SampleRate / 400;

    private readonly TrackFormat _format;
    private readonly OpusPacketDecoder? _opus;
    private readonly PcmDecoder? _pcm;
    private float[] _samples = new float[OpusPacketDecoder.MaxSampleCount];

    public AudioPacketDecoder(TrackFormat format)
    {
        _format = format;
        if (format.Codec == MediaCodec.Opus)
            _opus = OpusDecoderFactory.Create();
        else
            _pcm = new PcmDecoder(format.SampleRate, format.Channels);
    }

    /// <summary>What the latest call wrote.</summary>
    public ReadOnlyMemory<float> Samples => _samples;

    public TimeSpan DurationOf(ReadOnlySpan<byte> payload) => _opus is not null
        ? OpusPacketInspector.TryInspect(payload, out var info) ? info.Duration : TimeSpan.FromMilliseconds(20)
        : TimeSpan.FromMicroseconds((long)payload.Length / (2 * _format.Channels) * 1_000_000 / _format.SampleRate);

    /// <returns>Samples written; -1 where the packet can't be decoded.</returns>
    public int Decode(ReadOnlySpan<byte> payload)
    {
        if (_opus is not null)
        {
            var decoded = _opus.Decode(payload, _samples);
            return decoded.Succeeded ? decoded.SampleCount : -1;
        }

        Grow(_pcm!.MaxSampleCount(payload.Length));
        var result = _pcm.Decode(payload, _samples);
        return result.Succeeded ? result.SampleCount : -1;
    }

    /// <summary>
    /// Fills a hole. Opus carries a coarse copy of the packet before in each packet, where the sender was told of losses (in-band FEC, RFC 6716, 2.1.7): the
    /// last part of the hole is that copy, what lies before it the codec's concealment, which fades.
    /// </summary>
    /// <param name="following">The packet behind the hole; empty where there is none. It is not decoded: that comes next.</param>
    /// <returns>Samples written: all of the hole, since sound that was cut short would move everything behind it.</returns>
    public int Bridge(int sampleCount, ReadOnlySpan<byte> following)
    {
        if (sampleCount <= 0)
            return 0;
        Grow(sampleCount);
        _samples.AsSpan(0, sampleCount).Clear();
        var concealed = Math.Min(sampleCount, OpusPacketDecoder.MaxSampleCount) / ConcealmentStep * ConcealmentStep;
        if (_opus is null || concealed == 0)
            return sampleCount;

        // What does not fit into steps, or is too long, is silence: before the copy, which belongs right before the following packet.
        if (following.IsEmpty || !_opus.Recover(following, concealed, _samples.AsSpan(sampleCount - concealed)).Succeeded)
            _opus.Conceal(concealed, _samples);
        return sampleCount;
    }

    /// <summary>What a resampler still holds.</summary>
    public int Flush()
    {
        if (_pcm is null)
            return 0;
        Grow(_pcm.MaxSampleCount(0));
        return _pcm.Flush(_samples).SampleCount;
    }

    public void Dispose() => _opus?.Dispose();

    private void Grow(int sampleCount)
    {
        if (_samples.Length < sampleCount)
            _samples = new float[sampleCount];
    }
}
