using MediaScore.Inference;

namespace MediaScore.Pipelines.Audio;

/// <summary>One closed utterance on its way through the analysers. Owns its copy of the samples until disposed.</summary>
internal sealed class Utterance : IAsyncDisposable
{
    private readonly int _count;
    private float[]? _samples;

    /// <param name="span">Where it lies.</param>
    /// <param name="samples">Of <c>[span.Start, span.End)</c>; copied.</param>
    /// <param name="noisePower">Background before it, mean square; null where not known.</param>
    /// <param name="pauseBefore">Since the utterance before in the same answer.</param>
    /// <param name="requestClass">Who waits for it.</param>
    /// <param name="early">Its recognition, where that was begun.</param>
    public Utterance(
        UtteranceSpan span, ReadOnlySpan<float> samples, double? noisePower, TimeSpan pauseBefore, RequestClass requestClass, EarlyRecognition? early = null)
    {
        Early = early;
        Span = span;
        NoisePower = noisePower;
        PauseBefore = pauseBefore;
        RequestClass = requestClass;
        _count = samples.Length;
        _samples = UtteranceBuffers.Rent(_count);
        samples.CopyTo(_samples);
    }

    public UtteranceSpan Span { get; }

    public double? NoisePower { get; }

    public TimeSpan PauseBefore { get; }

    public RequestClass RequestClass { get; }

    /// <summary>Its recognition, where that was begun before it ended; whoever analyses it uses it.</summary>
    public EarlyRecognition? Early { get; }

    public ReadOnlyMemory<float> Samples => _samples.AsMemory(0, _samples is null ? 0 : _count);

    /// <summary>From the first to the last speech window.</summary>
    public ReadOnlyMemory<float> VoicedSamples => Samples.Slice((int)(Span.VoicedStart - Span.Start), (int)(Span.VoicedEnd - Span.VoicedStart));

    /// <returns>Ends when the recogniser has let go of a recognition that nobody used.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _samples, null) is { } samples)
            UtteranceBuffers.Return(samples);
        if (Early is not null)
            await Early.AbandonAsync();
    }
}
