using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Judges, transcribes and measures single utterances, as far as that is permitted. Utterances are independent of each other here and may be analysed at the
/// same time; thread-safe.
/// </summary>
internal sealed class UtteranceAnalyzer
{
    /// <summary>The <see cref="AnalysisFault.Component"/> of a recogniser that failed on an utterance.</summary>
    public const string RecognizerComponent = "recognizer";

    /// <summary>The same of the larger one, beside a transcript that stands.</summary>
    public const string RefinerComponent = "refining recognizer";

    private readonly bool _refines;
    private readonly string _language;
    private readonly AudioPipelineOptions _options;
    private readonly KnownObservations _known;
    private readonly TimeProvider _time;
    private readonly PipelineCosts? _costs;
    private readonly RecognitionCounters _counters;

    public UtteranceAnalyzer(AudioPipelineContext context)
    {
        _refines = context.Refines;
        _language = context.Language;
        _options = context.Options;
        _known = context.Known;
        _costs = context.Costs;
        _time = context.Time;
        _counters = context.Costs?.Recognition ?? new RecognitionCounters();
        Recognizer = context.Permitted.HasFlag(Modality.Transcript) ? context.Recognizer : null;
        Prosody = context.Permitted.HasFlag(Modality.Prosody) ? new ProsodyAnalyzer() : null;
    }

    /// <summary>Null where text is not permitted or has no model.</summary>
    public ISpeechRecognizer? Recognizer { get; }

    /// <summary>Null where prosody is not permitted.</summary>
    public ProsodyAnalyzer? Prosody { get; }

    /// <summary>Gives an utterance that has probably ended to the recogniser, where that will have to be asked and nothing due would wait for it.</summary>
    /// <param name="samples">Of the span; copied.</param>
    /// <param name="ahead">How long the utterance has not yet ended.</param>
    /// <returns>Null where nothing was begun.</returns>
    public EarlyRecognition? TryBegin(UtteranceSpan span, ReadOnlySpan<float> samples, TimeSpan ahead, CancellationToken cancellationToken)
    {
        // The background's level decides about text only, not about sound: it is not known yet as it will be.
        if (Recognizer is null
            || TranscriptGate.RejectSound(span, QualityGate.Judge(span, noisePower: 0, _options.OnsetProbability)) is not null
            || _known.FindTranscript(span.Range, _refines) is not null)
            return null;
        if (_counters.HasRoomForEarly)
            return EarlyRecognition.Begin(Recognizer, span, samples, ahead, _counters, cancellationToken);
        _counters.CountEarly(EarlyOutcome.Skipped, span.End - span.Start);
        return null;
    }

    /// <summary>Judges and transcribes one utterance; the caller keeps owning it.</summary>
    public async Task<UtteranceFindings> TranscribeAsync(Utterance utterance, CancellationToken cancellationToken)
    {
        var span = utterance.Span;
        var started = _costs?.Start() ?? 0;
        var quality = QualityGate.Judge(span, utterance.NoisePower, _options.OnsetProbability);
        var rejected = TranscriptGate.RejectSound(span, quality);
        _costs?.Stop(PipelineStage.AudioFeatures, started);
        UtteranceTranscript? transcript = null;
        AnalysisFault? fault = null;
        if (Recognizer is not null)
            (transcript, fault) = await TranscribeAsync(Recognizer, utterance, quality, rejected, cancellationToken);
        return new UtteranceFindings(span, quality, transcript, fault, Recognizer is null ? rejected is null : transcript is { Text.Length: > 0 });
    }

    /// <summary>Measures how it was said; the caller keeps owning the utterance.</summary>
    /// <returns>Null where not permitted, or not speech.</returns>
    public UtteranceProsody? MeasureProsody(Utterance utterance, UtteranceFindings findings)
    {
        if (Prosody is null || !findings.IsSpoken)
            return null;
        var started = _costs?.Start() ?? 0;
        var prosody = _known.Find<UtteranceProsody>(utterance.Span.Range) ?? Measure(Prosody, utterance, findings.Transcript?.Text ?? "");
        _costs?.Stop(PipelineStage.AudioFeatures, started);
        return prosody;
    }

    private async Task<(UtteranceTranscript? Transcript, AnalysisFault? Fault)> TranscribeAsync(
        ISpeechRecognizer recognizer, Utterance utterance, AudioQuality quality, string? rejected, CancellationToken cancellationToken)
    {
        var span = utterance.Span;
        if (_known.FindTranscript(span.Range, _refines) is { } known)
            return (known, null);
        if (_refines && rejected is not null)
            return (null, null);
        var stamp = new ModelStamp(recognizer.ModelId, recognizer.ModelVersion);
        if (rejected is not null)
            return (new UtteranceTranscript(span.Range, _language, "", [], 0, rejected) { Model = stamp }, null);
        RecognizedSpeech speech;
        try
        {
            speech = await HearAsync(recognizer, utterance, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // No transcript is written, so the final pass asks again; the interview goes on.
            var reason = failure is OperationCanceledException && utterance.RequestClass == RequestClass.Live
                ? "no answer in time"
                : $"{failure.GetType().Name}: {failure.Message}";
            return (null, new AnalysisFault(span.Range, _refines ? RefinerComponent : RecognizerComponent, reason));
        }

        var text = speech.Text.Trim();
        rejected = TranscriptGate.RejectText(span, quality, speech);
        return (new UtteranceTranscript(
            span.Range, _language, rejected is null ? text : "", rejected is null ? WordTimes.Estimate(text, span, _options.OffsetProbability) : [],
            Math.Round(speech.MeanLogProbability, 4), rejected)
        {
            Model = stamp,
            Confidence = Math.Round(Math.Exp(Math.Min(0, speech.MeanLogProbability)), 4),
            Refined = _refines,
        }, null);
    }

    /// <summary>Asks the recogniser, or waits for the answer that was asked for early. A live utterance is given up in time, so that those after it are not late too.</summary>
    private async Task<RecognizedSpeech> HearAsync(ISpeechRecognizer recognizer, Utterance utterance, CancellationToken cancellationToken)
    {
        if (utterance.RequestClass != RequestClass.Live)
        {
            // Begun live, and ended in what was read from the recording because the analysis had fallen behind: the answer is the same.
            return utterance.Early is { } begun ? await begun.UseAsync(cancellationToken) : await RecognizeAsync(recognizer, utterance, cancellationToken);
        }

        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = _time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), inTime, TimeSpan.FromSeconds(_options.LiveRecognitionSeconds), Timeout.InfiniteTimeSpan);
        return utterance.Early is { } early ? await early.UseAsync(inTime.Token) : await RecognizeAsync(recognizer, utterance, inTime.Token);
    }

    private async Task<RecognizedSpeech> RecognizeAsync(ISpeechRecognizer recognizer, Utterance utterance, CancellationToken cancellationToken)
    {
        // What can wait takes no place from a live utterance that could be begun early: the decoder keeps places free of it.
        if (utterance.RequestClass == RequestClass.Deferred)
            return await recognizer.RecognizeAsync(utterance.Samples, utterance.RequestClass, cancellationToken);
        _counters.Begin();
        try
        {
            return await recognizer.RecognizeAsync(utterance.Samples, utterance.RequestClass, cancellationToken);
        }
        finally
        {
            _counters.End();
        }
    }

    private static UtteranceProsody Measure(ProsodyAnalyzer analyzer, Utterance utterance, string text)
    {
        var measures = analyzer.Measure(utterance.VoicedSamples.Span);
        var (fillers, words) = FillerWords.Count(text);
        return new UtteranceProsody(
            utterance.Span.Range, Rounded(measures.PitchHz, 1), Rounded(measures.PitchRangeSemitones, 2), Math.Round(measures.LoudnessDbfs, 1),
            utterance.PauseBefore, Math.Round(measures.InnerPauseShare, 4), Math.Round(measures.SyllablesPerSecond, 3), RelativeRate: null, fillers, words);
    }

    private static double? Rounded(double? value, int digits) => value is { } number ? Math.Round(number, digits) : null;
}
