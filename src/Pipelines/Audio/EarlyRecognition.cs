using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// The recognition of an utterance that has probably ended, begun before its closing silence is over. The recogniser's answer is a function of the sound alone, so it is
/// the same as if it were asked later; when speech goes on, it is cancelled and was for nothing. Owns its copy of the sound until the recogniser has let go of it.
/// </summary>
internal sealed class EarlyRecognition
{
    private readonly CancellationTokenSource _cancel;
    private readonly RecognitionCounters _counters;
    private readonly long _sampleCount;
    private Task<RecognizedSpeech> _answer = null!;
    private int _settled;

    private EarlyRecognition(UtteranceSpan span, RecognitionCounters counters, CancellationToken cancellationToken)
    {
        (Start, End, VoicedEnd, _counters, _sampleCount) = (span.Start, span.End, span.VoicedEnd, counters, span.End - span.Start);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public long Start { get; }

    public long End { get; }

    /// <summary>As long as the utterance's speech ends here, it is worth going on.</summary>
    public long VoicedEnd { get; }

    /// <param name="samples">Of the span; copied.</param>
    /// <param name="ahead">How long the answer is not yet due.</param>
    public static EarlyRecognition Begin(
        ISpeechRecognizer recognizer, UtteranceSpan span, ReadOnlySpan<float> samples, TimeSpan ahead, RecognitionCounters counters, CancellationToken cancellationToken)
    {
        var early = new EarlyRecognition(span, counters, cancellationToken);
        var copy = UtteranceBuffers.Rent(samples.Length);
        samples.CopyTo(copy);
        early._answer = early.RecognizeAsync(recognizer, copy, samples.Length, ahead);
        return early;
    }

    public bool IsOf(UtteranceSpan span) => span.Start == Start && span.End == End;

    /// <summary>The utterance has ended as foreseen. Once, and not after <see cref="AbandonAsync"/>.</summary>
    /// <param name="giveUp">Cancels the recognition.</param>
    /// <returns>The answer, or the recogniser's fault.</returns>
    public async Task<RecognizedSpeech> UseAsync(CancellationToken giveUp)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
            throw new InvalidOperationException("This recognition was used or given up already.");
        _counters.CountEarly(EarlyOutcome.Used, _sampleCount);
        try
        {
            await using var registration = giveUp.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _cancel);
            return await _answer;
        }
        finally
        {
            _cancel.Dispose();
        }
    }

    /// <summary>Speech went on, or nobody came to use it; nothing to do where somebody did.</summary>
    /// <returns>Ends when the recogniser has let go of the sound; never faults.</returns>
    public async Task AbandonAsync()
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
            return;
        _counters.CountEarly(EarlyOutcome.Abandoned, _sampleCount);
        await _cancel.CancelAsync();
        await ((Task)_answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cancel.Dispose();
    }

    private async Task<RecognizedSpeech> RecognizeAsync(ISpeechRecognizer recognizer, float[] copy, int count, TimeSpan ahead)
    {
        _counters.Begin();
        try
        {
            return await recognizer.RecognizeAheadAsync(copy.AsMemory(0, count), RequestClass.Live, ahead, _cancel.Token);
        }
        finally
        {
            _counters.End();
            UtteranceBuffers.Return(copy);
        }
    }
}
