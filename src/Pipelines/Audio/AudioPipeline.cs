using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using MediaScore.Inference;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Turns one interview's sound into observations: <see cref="SpeechSegment"/>, <see cref="AudioQuality"/>, <see cref="UtteranceTranscript"/> and
/// <see cref="UtteranceProsody"/> for each utterance, in that order and in the order of the media, with <see cref="QualityWarning"/>s between them.
/// </summary>
/// <remarks>
/// <para>A pure function of the calls and their order, never of when they come or how sound is cut into pieces: the recording, played back, gives the same
/// observations. One writer calls the methods; they return when the piece is queued, and wait while the queue is full, so sound is never dropped.</para>
/// <para>A fault (of the sink, or a bug) ends the pipeline: the next call throws it, and so does <see cref="Completion"/>.</para>
/// </remarks>
public sealed class AudioPipeline : IAsyncDisposable
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly PieceBuffers _buffers = new();
    private readonly Channel<Piece> _pieces;
    private readonly UtteranceQueue _queue;
    private readonly SoundAnalysis _analysis;

    // Of the sound last pushed: what a marker ends is as urgent as what it ends.
    private RequestClass _requestClass = RequestClass.Live;

    /// <exception cref="ArgumentException">Sound is not permitted: then there must be no audio pipeline.</exception>
    public AudioPipeline(AudioPipelineContext context)
        : this(context, new PooledVoiceActivity(context.VoiceActivity.Open(context.InterviewId)))
    {
    }

    internal AudioPipeline(AudioPipelineContext context, IVoiceActivity voiceActivity)
    {
        if (!context.Permitted.HasFlag(Modality.Audio))
            throw new ArgumentException($"Interview {context.InterviewId}: sound is not permitted ({context.Permitted}).", nameof(context));
        _pieces = Channel.CreateBounded<Piece>(new BoundedChannelOptions(context.Options.QueuedPieces) { SingleReader = true, SingleWriter = true });
        Analyzer = new UtteranceAnalyzer(context);
        _queue = new UtteranceQueue(context, Analyzer, _lifetime.Token);
        _analysis = new SoundAnalysis(context, voiceActivity, Analyzer, _queue);
        Completion = RunAsync();
    }

    /// <summary>Ends when all sound is analysed and every observation was given to the sink, or with the fault that ended the pipeline.</summary>
    public Task Completion { get; }

    internal UtteranceAnalyzer Analyzer { get; }

    /// <summary>Takes sound in, in the order of the media. Pieces of any length give the same result.</summary>
    /// <param name="start">Time of the first sample. A hole of less than the closing silence is heard as silence, a longer one ends the utterance; what
    /// overlaps with sound already taken is left out.</param>
    /// <param name="samples">Mono, 16 kHz, -1 to 1; copied before the task completes.</param>
    /// <param name="requestClass">Who waits for the result.</param>
    public ValueTask PushAsync(MediaTime start, ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        _requestClass = requestClass;
        return samples.Length <= PieceBuffers.MostSamples
            ? PushPieceAsync(start, samples.Span, requestClass, cancellationToken)
            : PushPiecesAsync(start, samples, requestClass, cancellationToken);
    }

    /// <summary>Sound is missing here: an utterance that runs ends before a hole as long as the closing silence.</summary>
    public ValueTask MarkGapAsync(MediaRange gap, CancellationToken cancellationToken = default) =>
        WriteAsync(new Piece(PieceKind.Gap, gap.Start, null, 0, UtteranceCut.MediaGap, _requestClass, null) { End = gap.End }, cancellationToken);

    /// <summary>An answer begins: utterances do not reach over this point, and long silence is worth a warning from here on.</summary>
    public ValueTask BeginAnswerAsync(MediaTime at, CancellationToken cancellationToken = default) =>
        WriteAsync(new Piece(PieceKind.AnswerBegin, at, null, 0, UtteranceCut.StageEnd, _requestClass, null), cancellationToken);

    /// <summary>An answer ends: the utterance that runs ends here too.</summary>
    /// <param name="at">Call it when sound up to this time was pushed; sound that is still missing then belongs to what follows.</param>
    /// <param name="reason">What the last utterance will say of its end.</param>
    public ValueTask EndSegmentAsync(MediaTime at, UtteranceCut reason, CancellationToken cancellationToken = default) =>
        WriteAsync(new Piece(PieceKind.AnswerEnd, at, null, 0, reason, _requestClass, null), cancellationToken);

    /// <summary>Waits until everything pushed so far was analysed and every observation of it was given to the sink; an utterance that still runs is not among them.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await WriteAsync(new Piece(PieceKind.Flush, default, null, 0, default, _requestClass, done), cancellationToken);
        await (await Task.WhenAny(done.Task, Completion)).WaitAsync(cancellationToken);
    }

    /// <summary>No more sound will come. Completes when all of it is analysed and was given to the sink.</summary>
    /// <param name="requestClass">Who waits for the last utterance.</param>
    public async Task CompleteAsync(RequestClass requestClass = RequestClass.Live, CancellationToken cancellationToken = default)
    {
        if (!Completion.IsCompleted)
            await WriteAsync(new Piece(PieceKind.Complete, default, null, 0, UtteranceCut.EndOfMedia, requestClass, null), cancellationToken);
        _pieces.Writer.TryComplete();
        await Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Ends at once; what was not yet given to the sink comes again from the recording.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        _pieces.Writer.TryComplete();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _queue.DisposeAsync();
        await _analysis.DisposeAsync();
        _lifetime.Dispose();
    }

    private ValueTask PushPieceAsync(MediaTime start, ReadOnlySpan<float> samples, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var copy = _buffers.Rent(samples.Length);
        samples.CopyTo(copy);
        return WriteAsync(new Piece(PieceKind.Sound, start, copy, samples.Length, default, requestClass, null), cancellationToken);
    }

    private async ValueTask PushPiecesAsync(MediaTime start, ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken)
    {
        for (var at = 0; at < samples.Length; at += PieceBuffers.MostSamples)
        {
            var piece = samples.Span.Slice(at, Math.Min(PieceBuffers.MostSamples, samples.Length - at));
            await PushPieceAsync(start + MediaTime.FromSamples(at, SoundWindow.SampleRate).ToTimeSpan(), piece, requestClass, cancellationToken);
        }
    }

    private ValueTask WriteAsync(Piece piece, CancellationToken cancellationToken) =>
        _pieces.Writer.TryWrite(piece) ? ValueTask.CompletedTask : WaitAndWriteAsync(piece, cancellationToken);

    private async ValueTask WaitAndWriteAsync(Piece piece, CancellationToken cancellationToken)
    {
        try
        {
            await _pieces.Writer.WriteAsync(piece, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            Return(piece);
            if (closed.InnerException is { } fault)
                ExceptionDispatchInfo.Throw(fault);
            if (Completion.IsFaulted)
                await Completion;
            throw new InvalidOperationException("The audio pipeline is complete and takes no more.", closed);
        }
        catch (OperationCanceledException)
        {
            Return(piece);
            throw;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            // No token: disposing completes the channel, and a wait that cannot be cancelled needs no object of its own.
            while (await _pieces.Reader.WaitToReadAsync())
            {
                while (_pieces.Reader.TryRead(out var piece))
                {
                    if (_lifetime.IsCancellationRequested)
                        Return(piece);
                    _lifetime.Token.ThrowIfCancellationRequested();
                    if (piece.Kind != PieceKind.Sound)
                    {
                        await TakeMarkAsync(piece);
                        continue;
                    }

                    // All that a live frame waits for is awaited here, in the one method that runs as long as the interview: a method of its own would be an object a frame.
                    try
                    {
                        await _analysis.AddAsync(piece.Start.ToSamples(SoundWindow.SampleRate), piece.Samples, piece.RequestClass, _lifetime.Token);
                    }
                    finally
                    {
                        Return(piece);
                    }

                    // What is already waiting is judged in one call: a replay runs at full speed, and a live session pays for one window at a time.
                    if (!_analysis.BatchIsFull && _pieces.Reader.TryPeek(out var next) && next.Kind == PieceKind.Sound)
                        continue;
                    if (_analysis.IsOneWaiting)
                    {
                        await _analysis.BeginWindowAsync(piece.RequestClass, _lifetime.Token);
                        await _analysis.EndWindowAsync(piece.RequestClass, _lifetime.Token);
                    }
                    else if (_analysis.IsAnyWaiting)
                    {
                        await _analysis.ProcessAsync(piece.RequestClass, _lifetime.Token);
                    }
                }
            }

            _lifetime.Token.ThrowIfCancellationRequested();
            _queue.Complete();
            await _queue.Completion;
        }
        catch (Exception fault)
        {
            // The queue's own fault says more than the channel that it closed.
            var cause = fault is ChannelClosedException { InnerException: { } inner } ? inner : fault;
            _queue.Complete(cause);
            _pieces.Writer.TryComplete(cause);
            while (_pieces.Reader.TryRead(out var piece))
                Return(piece);
            if (!ReferenceEquals(cause, fault))
                ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private async ValueTask TakeMarkAsync(Piece piece)
    {
        var position = piece.Start.ToSamples(SoundWindow.SampleRate);
        switch (piece.Kind)
        {
            case PieceKind.Gap when piece.End - piece.Start >= TimeSpan.FromMilliseconds(_analysis.GapMs):
            case PieceKind.AnswerBegin or PieceKind.AnswerEnd:
                await _analysis.ProcessAsync(piece.RequestClass, _lifetime.Token);
                await _analysis.EndUtteranceAsync(position, piece.Cut, piece.RequestClass);
                if (piece.Kind == PieceKind.AnswerBegin)
                    _analysis.BeginAnswer(position);
                else if (piece.Kind == PieceKind.AnswerEnd)
                    _analysis.EndAnswer();
                break;
            case PieceKind.Flush:
                await _analysis.ProcessAsync(piece.RequestClass, _lifetime.Token);
                await _queue.FlushAsync(piece.Done!);
                break;
            case PieceKind.Complete:
                await _analysis.CompleteAsync(piece.RequestClass, _lifetime.Token);
                break;
        }
    }

    private void Return(in Piece piece)
    {
        if (piece.Buffer is not null)
            _buffers.Return(piece.Buffer);
    }

    private enum PieceKind
    {
        Sound,
        Gap,
        AnswerBegin,
        AnswerEnd,
        Flush,
        Complete,
    }

    private readonly record struct Piece(
        PieceKind Kind, MediaTime Start, float[]? Buffer, int Count, UtteranceCut Cut, RequestClass RequestClass, TaskCompletionSource? Done)
    {
        public MediaTime End { get; init; }

        public ReadOnlyMemory<float> Samples => Buffer.AsMemory(0, Count);
    }
}
