namespace MediaScore.Codecs.Pcm;

/// <summary>
/// Mono samples of any rate from 8 to 48 kHz to 16 kHz: a Kaiser-windowed sinc, polyphase, with state between calls. Flat within 0.1 dB up to 0.9 of the lower
/// Nyquist frequency, images and aliases under -60 dB (tests measure both). Output sample <c>n</c> lies at exactly <c>n / 16000</c> s of the input: the filter's
/// delay is taken out. The same samples come out bit for bit whatever the chunks, and on any CPU: sums run over fixed eight lanes, without fused multiply-add.
/// Not thread safe; allocates only where a chunk is larger than any before it.
/// </summary>
public sealed class StreamingResampler
{
    public const int MinSampleRate = 8_000;
    public const int MaxSampleRate = 48_000;
    public const int OutputSampleRate = 16_000;

    private readonly ResamplerFilter? _filter; // Null where the rates are equal.
    private float[] _pending; // Input that later outputs still need, oldest first.
    private int _pendingCount;
    private long _inputCount; // Real samples so far.
    private long _outputCount;
    private long _pendingStart; // Stream position of _pending[0]; starts below 0, in the silence before the stream.

    /// <param name="inputSampleRate">8000 to 48000, samples a second.</param>
    public StreamingResampler(int inputSampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSampleRate, MinSampleRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputSampleRate, MaxSampleRate);
        InputSampleRate = inputSampleRate;
        _filter = inputSampleRate == OutputSampleRate ? null : ResamplerFilter.For(inputSampleRate);
        _pending = [];
        Reset();
    }

    public int InputSampleRate { get; }

    /// <summary>Input samples ahead of an output that it needs: the wait that the filter costs.</summary>
    public int LookaheadCount => _filter is null ? 0 : _filter.TapCount / 2;

    /// <summary>The most samples that a chunk of this length, or a flush after it, can give.</summary>
    public int MaxOutputCount(int inputCount) =>
        (int)(((long)inputCount + (2 * LookaheadCount)) * OutputSampleRate / InputSampleRate) + 2;

    /// <summary>Takes a chunk and writes the samples that are now complete.</summary>
    /// <param name="output">At least <see cref="MaxOutputCount"/> long.</param>
    /// <returns>Samples written.</returns>
    public int Process(ReadOnlySpan<float> input, Span<float> output)
    {
        _inputCount += input.Length;
        if (_filter is null)
        {
            input.CopyTo(output);
            _outputCount += input.Length;
            return input.Length;
        }

        Append(input);
        return Drain(_filter, long.MaxValue, output);
    }

    /// <summary>The end of the stream: silence follows, and everything up to the last real sample comes out. Then begins anew.</summary>
    /// <returns>Samples written. In all, a stream of <c>n</c> samples gives <c>ceil(n x 16000 / rate)</c>.</returns>
    public int Flush(Span<float> output)
    {
        var written = 0;
        if (_filter is not null && _inputCount > 0)
        {
            var total = ((_inputCount * OutputSampleRate) + InputSampleRate - 1) / InputSampleRate;
            Span<float> silence = stackalloc float[512];
            silence.Clear();
            for (var missing = LookaheadCount + 1; missing > 0; missing -= silence.Length)
                Append(silence[..Math.Min(missing, silence.Length)]);
            written = Drain(_filter, total, output);
        }

        Reset();
        return written;
    }

    /// <summary>Forgets the stream so far.</summary>
    public void Reset()
    {
        _inputCount = 0;
        _outputCount = 0;
        _pendingCount = 0;
        if (_filter is null)
            return;
        // Half a filter of silence before the first sample centres output 0 on input 0.
        var silence = (_filter.TapCount / 2) - 1;
        _pendingStart = -silence;
        EnsureCapacity(silence);
        _pending.AsSpan(0, silence).Clear();
        _pendingCount = silence;
    }

    private void Append(ReadOnlySpan<float> input)
    {
        EnsureCapacity(_pendingCount + input.Length);
        input.CopyTo(_pending.AsSpan(_pendingCount));
        _pendingCount += input.Length;
    }

    private void EnsureCapacity(int count)
    {
        if (_pending.Length < count)
            Array.Resize(ref _pending, Math.Max(count, 2 * _pending.Length));
    }

    private int Drain(ResamplerFilter filter, long outputLimit, Span<float> output)
    {
        var written = 0;
        var pending = _pending.AsSpan(0, _pendingCount);
        while (_outputCount < outputLimit)
        {
            // Output n lies at input position n x M / L; its taps begin half a filter before the sample at or before it.
            var scaled = _outputCount * filter.InputStep;
            var position = scaled / filter.PhaseCount;
            var first = (int)(position - ((filter.TapCount / 2) - 1) - _pendingStart);
            if (first + filter.TapCount > pending.Length)
                break;
            output[written++] = filter.Apply(pending.Slice(first, filter.TapCount), (int)(scaled % filter.PhaseCount));
            _outputCount++;
        }

        DropConsumed(filter);
        return written;
    }

    private void DropConsumed(ResamplerFilter filter)
    {
        var next = _outputCount * filter.InputStep / filter.PhaseCount;
        var unused = (int)Math.Min(next - ((filter.TapCount / 2) - 1) - _pendingStart, _pendingCount);
        if (unused <= 0)
            return;
        _pending.AsSpan(unused, _pendingCount - unused).CopyTo(_pending);
        _pendingCount -= unused;
        _pendingStart += unused;
    }
}
