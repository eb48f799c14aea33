using MediaScore.Inference;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// The part of the audio pipeline that sees every sample: places sound on the interview's clock, judges it window by window and hands closed utterances on.
/// A pure function of samples and markers in the order given. One caller at a time; allocates nothing per frame once warm.
/// </summary>
internal sealed class SoundAnalysis : IAsyncDisposable
{
    private const int Window = SoundWindow.SampleCount;

    // Windows judged in one call: 2 s of sound. More would only make a live caption wait.
    private const int BatchWindows = 64;

    // Stamps are rounded and re-anchored by up to 10 ms (TrackClockOptions.SeamTolerance); three times that is still no hole and no overlap.
    private const int SeamSamples = 30 * SoundWindow.SampleRate / 1000;

    private readonly AudioPipelineContext _context;
    private readonly IVoiceActivity _voiceActivity;
    private readonly UtteranceQueue _queue;
    private readonly UtteranceAnalyzer _analyzer;
    private readonly SampleHistory _history = new();
    private readonly UtteranceSegmenter _segmenter;
    private readonly ToneMeter _tones = new();
    private readonly NoiseFloor _noise;
    private readonly SoundMonitor _monitor;
    private readonly float[] _probabilities = new float[BatchWindows];
    private readonly long _gapSamples;
    private long _nextWindow;
    private long? _lastVoicedEnd;
    private EarlyRecognition? _early;
    private Task _abandoned = Task.CompletedTask;
    private long _foreseenEnd;
    private bool _started;

    public SoundAnalysis(AudioPipelineContext context, IVoiceActivity voiceActivity, UtteranceAnalyzer analyzer, UtteranceQueue queue)
    {
        _context = context;
        _voiceActivity = voiceActivity;
        _analyzer = analyzer;
        _queue = queue;
        _segmenter = new UtteranceSegmenter(context.Options);
        _noise = new NoiseFloor(context.Options);
        _monitor = new SoundMonitor(context.Options, _noise);
        _gapSamples = (long)GapMs * SoundWindow.SampleRate / 1000;
    }

    /// <summary>Windows are waiting and worth a call of their own.</summary>
    public bool BatchIsFull => _history.End - _nextWindow >= BatchWindows * Window;

    public bool IsAnyWaiting => _history.End - _nextWindow >= Window;

    /// <summary>Exactly one window is waiting.</summary>
    public bool IsOneWaiting => (_history.End - _nextWindow) / Window == 1;

    /// <summary>A hole this long ends an utterance; a shorter one is heard as silence.</summary>
    // As long as the longest closing silence, which would end it anyway.
    public int GapMs => Math.Max(_context.Options.EndSilenceMs, _context.Options.ShortEndSilenceMs);

    /// <summary>Takes sound in. <see cref="ProcessAsync"/> judges it.</summary>
    /// <param name="start">Position of the first sample.</param>
    /// <param name="samples">Copied before the task completes.</param>
    public ValueTask AddAsync(long start, ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var ahead = start - _history.End;
        if (!_started || ahead >= _gapSamples)
            return BeginAtAsync(start, samples, requestClass, cancellationToken);
        if (ahead > SeamSamples)
        {
            _history.AppendSilence((int)ahead);
        }
        else if (ahead < -SeamSamples)
        {
            // Heard already: the first copy stands.
            samples = samples[(int)Math.Min(samples.Length, -ahead)..];
        }

        _history.Append(samples.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Judges the one window that is waiting (<see cref="IsOneWaiting"/>), in two halves: await this, then <see cref="EndWindowAsync"/>. It is what a live frame comes to,
    /// and the caller's own loop waits for the pool, so that no task is made for it.
    /// </summary>
    public ValueTask BeginWindowAsync(RequestClass requestClass, CancellationToken cancellationToken) =>
        _voiceActivity.PushManyAsync(_history.Slice(_nextWindow, _nextWindow + Window), _probabilities.AsMemory(0, 1), requestClass, cancellationToken);

    /// <returns>Completed, unless the window ended something.</returns>
    public ValueTask EndWindowAsync(RequestClass requestClass, CancellationToken cancellationToken)
    {
        var closed = Judge(_history.Slice(_nextWindow, _nextWindow + Window).Span, _probabilities[0]);
        if (closed is not null || _monitor.Warnings.Count > 0)
            return EmitAndSettleAsync(closed, requestClass, cancellationToken);
        Settle(requestClass, cancellationToken);
        return ValueTask.CompletedTask;
    }

    /// <summary>Judges every whole window that is waiting.</summary>
    public async ValueTask ProcessAsync(RequestClass requestClass, CancellationToken cancellationToken)
    {
        while (_history.End - _nextWindow >= Window)
        {
            var count = (int)Math.Min(BatchWindows, (_history.End - _nextWindow) / Window);
            var samples = _history.Slice(_nextWindow, _nextWindow + count * Window);
            await _voiceActivity.PushManyAsync(samples, _probabilities.AsMemory(0, count), requestClass, cancellationToken);
            for (var i = 0; i < count; i++)
                await EmitAsync(Judge(samples.Span.Slice(i * Window, Window), _probabilities[i]), requestClass);
            Settle(requestClass, cancellationToken);
        }
    }

    /// <summary>Ends whatever runs at <paramref name="position"/>, or where the sound ends if that is earlier; call after <see cref="ProcessAsync"/>.</summary>
    public async ValueTask EndUtteranceAsync(long position, UtteranceCut cut, RequestClass requestClass)
    {
        if (_segmenter.EndAt(Math.Min(position, _history.End), cut, out var span))
            await HandOnAsync(span, requestClass);

        AbandonEarly();

        // Padding of what comes next must not reach back over the marker.
        _segmenter.EndAt(position, cut, out _);
        _lastVoicedEnd = null;
    }

    public void BeginAnswer(long position) => _monitor.BeginAnswer(position);

    public void EndAnswer() => _monitor.EndAnswer();

    /// <summary>No more sound will come: the last, partial window is judged with silence after it.</summary>
    public async ValueTask CompleteAsync(RequestClass requestClass, CancellationToken cancellationToken)
    {
        var end = _history.End;
        if (_started && end % Window != 0)
            _history.AppendSilence(Window - (int)(end % Window));
        await ProcessAsync(requestClass, cancellationToken);
        await EndUtteranceAsync(end, UtteranceCut.EndOfMedia, requestClass);
    }

    public async ValueTask DisposeAsync()
    {
        AbandonEarly();
        await _abandoned;
        _history.Dispose();
        _voiceActivity.Dispose();
    }

    /// <summary>The first sound, or the first behind a hole.</summary>
    private async ValueTask BeginAtAsync(long start, ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (_started)
        {
            await ProcessAsync(requestClass, cancellationToken);
            await EndUtteranceAsync(_history.End, UtteranceCut.MediaGap, requestClass);
            JumpTo(start);
        }
        else
        {
            await StartAsync(start);
        }

        _history.Append(samples.Span);
    }

    private async ValueTask StartAsync(long start)
    {
        _started = true;
        JumpTo(start);
        if (_context.Permitted.HasFlag(Modality.Transcript) && _context.Recognizer is null)
        {
            var reason = _context.WhyNoRecognizer ?? $"no model for {_context.Language}";
            await EmitAsync(new NotAnalysed(MediaRange.At(MediaTime.FromSamples(start, SoundWindow.SampleRate)), Modality.Transcript, reason));
        }
    }

    private void JumpTo(long start)
    {
        // Windows lie on the interview's clock and not on the sound's beginning, so that a gap moves no later window.
        _nextWindow = start / Window * Window;
        _history.JumpTo(_nextWindow);
        _history.AppendSilence((int)(start - _nextWindow));
        _segmenter.JumpTo(_nextWindow);
        _segmenter.EndAt(start, UtteranceCut.MediaGap, out _);
        _voiceActivity.Reset();
        _tones.Reset();
        _lastVoicedEnd = null;
    }

    /// <summary>Takes the next window.</summary>
    /// <returns>The utterance that it ended.</returns>
    private UtteranceSpan? Judge(ReadOnlySpan<float> samples, float probability)
    {
        var started = _context.Costs?.Start() ?? 0;
        _nextWindow += Window;
        var (power, clipped) = SoundWindow.Measure(samples);
        _context.Level?.Add(power);
        var window = new SoundWindow(probability, power, clipped, _tones.Add(samples));
        _noise.Add(window);
        _monitor.Add(window, _nextWindow);
        _segmenter.Add(window, out var span);
        _context.Costs?.Stop(PipelineStage.AudioFeatures, started);
        return span;
    }

    private async ValueTask EmitAsync(UtteranceSpan? closed, RequestClass requestClass)
    {
        if (closed is not null)
            await HandOnAsync(closed, requestClass);
        for (var warning = 0; warning < _monitor.Warnings.Count; warning++)
            await EmitAsync(_monitor.Warnings[warning]);
    }

    private async ValueTask EmitAndSettleAsync(UtteranceSpan? closed, RequestClass requestClass, CancellationToken cancellationToken)
    {
        await EmitAsync(closed, requestClass);
        Settle(requestClass, cancellationToken);
    }

    private void Settle(RequestClass requestClass, CancellationToken cancellationToken)
    {
        Foresee(requestClass, cancellationToken);
        _history.DiscardBefore(Math.Min(_segmenter.KeepFrom, _nextWindow));
    }

    /// <summary>Begins the recognition of an utterance that has probably ended, and gives up one that has not.</summary>
    private void Foresee(RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (_early is not null && !(_segmenter.InUtterance && _segmenter.KeepFrom == _early.Start && _segmenter.VoicedEnd == _early.VoicedEnd))
            AbandonEarly();

        // Who reads a recording has the end before the closing silence could have passed. Each pause is looked at once.
        if (requestClass != RequestClass.Live || _history.End - _nextWindow >= Window || !_segmenter.InUtterance || _segmenter.VoicedEnd == _foreseenEnd)
            return;
        if (!_segmenter.TryForesee(out var span))
            return;
        _foreseenEnd = _segmenter.VoicedEnd;
        var ahead = MediaTime.FromSamples(Math.Max(0, _segmenter.SilenceLeft), SoundWindow.SampleRate).ToTimeSpan();
        _early = _analyzer.TryBegin(span, _history.Slice(span.Start, span.End).Span, ahead, cancellationToken);
    }

    private void AbandonEarly()
    {
        if (_early is null)
            return;
        _abandoned = _abandoned.IsCompleted ? _early.AbandonAsync() : Task.WhenAll(_abandoned, _early.AbandonAsync());
        _early = null;
    }

    private EarlyRecognition? TakeEarly(UtteranceSpan span)
    {
        if (_early?.IsOf(span) == false)
            AbandonEarly();
        var early = _early;
        _early = null;
        return early;
    }

    private async ValueTask HandOnAsync(UtteranceSpan span, RequestClass requestClass)
    {
        var pause = _lastVoicedEnd is { } last ? Math.Max(0, span.VoicedStart - last) : 0;
        _lastVoicedEnd = span.VoicedEnd;
        await _queue.AddAsync(new SpeechSegment(span.Range, span.Cut)
        {
            Model = _context.VoiceActivity is { } detector ? new ModelStamp(detector.ModelId, detector.ModelVersion) : null,
            Confidence = Math.Round(TranscriptGate.MeanSpeechProbability(span), 4),
        });
        // Behind the wait for room: the queue owns it from its first moment, so nothing of it is left behind by a stop.
        await _queue.AddAsync(new Utterance(
            span, _history.Slice(span.Start, span.End).Span, _noise.Power,
            MediaTime.FromSamples(pause, SoundWindow.SampleRate).ToTimeSpan(), requestClass, TakeEarly(span)));
    }

    private ValueTask EmitAsync(Observation observation) => _queue.AddAsync(observation);
}
