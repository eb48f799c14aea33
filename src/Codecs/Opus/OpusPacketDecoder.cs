namespace MediaScore.Codecs.Opus;

/// <summary>
/// Opus packets of one stream (RFC 6716) to mono float samples at 16 kHz, with the codec's own state between packets. Stereo packets come out as mono.
/// Not thread safe; one owner disposes it. Made by <see cref="OpusDecoderFactory"/>.
/// </summary>
public abstract class OpusPacketDecoder : IDisposable
{
    /// <summary>Samples a second of everything that comes out.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Samples of the longest packet, 120 ms (RFC 6716, 3.2.1): a buffer of this length always suffices.</summary>
    public const int MaxSampleCount = 120 * SampleRate / 1000;

    private int _disposed;

    private protected OpusPacketDecoder()
    {
    }

    /// <summary>Which library decodes, as shown by <c>doctor</c>: <c>libopus 1.3.1</c> or <c>Concentus</c>.</summary>
    public abstract string Implementation { get; }

    /// <summary>Decodes one packet. Never throws for what the packet holds; a malformed packet leaves the decoder's state as it was.</summary>
    /// <param name="packet">A whole Opus packet, 1 to 1275 x 48 bytes.</param>
    /// <param name="pcm16k">The caller's buffer; the first <see cref="OpusDecodeResult.SampleCount"/> samples (about -1 to 1) are written.</param>
    public OpusDecodeResult Decode(ReadOnlySpan<byte> packet, Span<float> pcm16k) => DecodeChecked(packet, pcm16k, forwardErrorCorrection: false);

    /// <summary>
    /// Rebuilds the packet lost just before <paramref name="following"/> from the copy that it may carry (in-band FEC, RFC 6716, 2.1.7); without a copy the
    /// loss is concealed. Then decode <paramref name="following"/> itself.
    /// </summary>
    /// <param name="following">The packet after the lost one.</param>
    /// <param name="lostSampleCount">Length of the lost packet at 16 kHz: a multiple of 40 (2.5 ms), at most <see cref="MaxSampleCount"/>.</param>
    public OpusDecodeResult Recover(ReadOnlySpan<byte> following, int lostSampleCount, Span<float> pcm16k)
    {
        if (!IsWholeFrameCount(lostSampleCount) || pcm16k.Length < lostSampleCount)
            return OpusDecodeResult.Failed(OpusDecodeError.BufferTooSmall);
        return DecodeChecked(following, pcm16k[..lostSampleCount], forwardErrorCorrection: true);
    }

    /// <summary>Fills a loss with the codec's own concealment, which fades to silence.</summary>
    /// <param name="sampleCount">A multiple of 40 (2.5 ms), at most <see cref="MaxSampleCount"/>.</param>
    public OpusDecodeResult Conceal(int sampleCount, Span<float> pcm16k)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (!IsWholeFrameCount(sampleCount) || pcm16k.Length < sampleCount)
            return OpusDecodeResult.Failed(OpusDecodeError.BufferTooSmall);
        return ToResult(DecodeCore([], pcm16k[..sampleCount], forwardErrorCorrection: false));
    }

    /// <summary>Forgets the stream so far: after a seek, or where another stream begins.</summary>
    public abstract void Reset();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            DisposeCore();
        GC.SuppressFinalize(this);
    }

    private protected abstract void DisposeCore();

    /// <returns>Samples written, or a negative number: the codec refused the packet. An empty packet means "lost".</returns>
    private protected abstract int DecodeCore(ReadOnlySpan<byte> packet, Span<float> pcm16k, bool forwardErrorCorrection);

    private static bool IsWholeFrameCount(int sampleCount) => sampleCount is > 0 and <= MaxSampleCount && sampleCount % (SampleRate / 400) == 0;

    private static OpusDecodeResult ToResult(int decoded) =>
        decoded >= 0 ? new OpusDecodeResult(decoded, OpusDecodeError.None) : OpusDecodeResult.Failed(OpusDecodeError.Refused);

    private OpusDecodeResult DecodeChecked(ReadOnlySpan<byte> packet, Span<float> pcm16k, bool forwardErrorCorrection)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        // Checked here so that both implementations refuse the same packets, and so that a refused one never touches the codec's state.
        if (!OpusPacketInspector.TryInspect(packet, out var info))
            return OpusDecodeResult.Failed(OpusDecodeError.Malformed);
        if (!forwardErrorCorrection && pcm16k.Length < info.SampleCountAt(SampleRate))
            return OpusDecodeResult.Failed(OpusDecodeError.BufferTooSmall);
        return ToResult(DecodeCore(packet, pcm16k, forwardErrorCorrection));
    }
}
