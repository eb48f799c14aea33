using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using MediaScore.Codecs.Video;
using MediaScore.Inference;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>
/// Turns one interview's key frames into observations: <see cref="PictureSample"/>, <see cref="FaceSample"/>, <see cref="FrameSkipped"/> and
/// <see cref="QualityWarning"/>, in the order of the media. Which frames are looked at is a function of their media times alone.
/// </summary>
/// <remarks>One writer. A chosen frame is queued; while the queue is full the writer waits. A fault (of the sink, or a bug) ends the pipeline: the next call
/// throws it, and so does <see cref="Completion"/>.</remarks>
public sealed class VideoPipeline : IAsyncDisposable
{
    private readonly VideoPipelineContext _context;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Channel<Frame> _frames;
    private readonly FrameAnalysis _analysis;
    private readonly MediaGrid _pictureGrid;
    private readonly MediaGrid _faceGrid;
    private bool _started;

    /// <exception cref="ArgumentException">Pictures are not permitted: then there must be no video pipeline.</exception>
    public VideoPipeline(VideoPipelineContext context)
        : this(context, context.Faces is not null && context.Permitted.HasFlag(Modality.FacePresence) ? new FaceExaminer(context.Faces, context.Permitted) : null)
    {
    }

    internal VideoPipeline(VideoPipelineContext context, IFaceExaminer? faces)
    {
        if (!context.Permitted.HasFlag(Modality.Video))
            throw new ArgumentException($"Interview {context.InterviewId}: pictures are not permitted ({context.Permitted}).", nameof(context));
        _context = context;
        Faces = faces;
        _frames = Channel.CreateBounded<Frame>(new BoundedChannelOptions(context.Options.QueuedFrames) { SingleReader = true, SingleWriter = true });
        _pictureGrid = new MediaGrid(TimeSpan.FromSeconds(context.Options.PictureEverySeconds));
        _faceGrid = new MediaGrid(TimeSpan.FromSeconds(context.Options.FacesEverySeconds));
        _analysis = new FrameAnalysis(context, faces);
        Completion = RunAsync();
    }

    /// <summary>Ends when all frames are analysed and every observation was given to the sink, or with the fault that ended the pipeline.</summary>
    public Task Completion { get; }

    /// <summary>Null where faces are not permitted or have no models.</summary>
    internal IFaceExaminer? Faces { get; }

    /// <summary>Takes a key frame, in ascending order of <paramref name="time"/>; most are passed over at once.</summary>
    /// <param name="payload">One whole coded picture; copied before the task completes.</param>
    /// <param name="requestClass">Who waits for the result; the face models serve a live picture as <see cref="RequestClass.Sampled"/>.</param>
    public ValueTask PushKeyFrameAsync(
        MediaTime time, VideoCodec codec, ReadOnlyMemory<byte> payload, RequestClass requestClass, CancellationToken cancellationToken = default)
    {
        var picture = _pictureGrid.Choose(time);
        var face = Faces is not null && _faceGrid.Choose(time);
        if (!picture && !face)
            return ValueTask.CompletedTask;
        var first = !_started;
        _started = true;
        var copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.Span.CopyTo(copy);
        return WriteAsync(new Frame(time, codec, copy, payload.Length, picture, face, first, requestClass), cancellationToken);
    }

    /// <summary>No more frames will come. Completes when all of them are analysed and every observation was given to the sink.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        _frames.Writer.TryComplete();
        await Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Ends at once; what was not yet given to the sink comes again from the recording.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        _frames.Writer.TryComplete();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _analysis.Dispose();
        _lifetime.Dispose();
    }

    private async ValueTask WriteAsync(Frame frame, CancellationToken cancellationToken)
    {
        try
        {
            await _frames.Writer.WriteAsync(frame, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            frame.Return();
            if (closed.InnerException is { } fault)
                ExceptionDispatchInfo.Throw(fault);
            if (Completion.IsFaulted)
                await Completion;
            throw new InvalidOperationException("The video pipeline is complete and takes no more.", closed);
        }
        catch (OperationCanceledException)
        {
            frame.Return();
            throw;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(_lifetime.Token))
                await TakeAsync(frame);
        }
        catch (Exception fault)
        {
            _frames.Writer.TryComplete(fault);
            while (_frames.Reader.TryRead(out var frame))
                frame.Return();
            throw;
        }
    }

    private async ValueTask TakeAsync(Frame frame)
    {
        try
        {
            if (frame.First && _context.Permitted.HasFlag(Modality.FacePresence) && Faces is null)
            {
                var refusal = new NotAnalysed(MediaRange.At(frame.Time), Modality.FacePresence, _context.WhyNoFaces ?? "no face models");
                if (!_context.Known.Contains(refusal))
                    await _context.Sink.AppendAsync(refusal, _lifetime.Token);
            }

            await _analysis.AnalyzeAsync(frame.Time, frame.Codec, frame.Payload, frame.Picture, frame.Face, frame.RequestClass, _lifetime.Token);
        }
        finally
        {
            frame.Return();
        }
    }

    private readonly record struct Frame(
        MediaTime Time, VideoCodec Codec, byte[] Rented, int Count, bool Picture, bool Face, bool First, RequestClass RequestClass)
    {
        public ReadOnlyMemory<byte> Payload => Rented.AsMemory(0, Count);

        public void Return() => ArrayPool<byte>.Shared.Return(Rented);
    }
}
