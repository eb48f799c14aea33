using MediaScore.Codecs.Video;
using MediaScore.Inference;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.Video;
using MediaScore.Recording;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// The analysis of one interview as a function of its recording: takes entries in the recording's order and writes observations. What consent or policy forbid
/// has no analyser here. A fault of one analyser ends that analyser, is written down, and harms nothing else.
/// </summary>
internal sealed partial class MediaAnalysis : IAsyncDisposable
{
    private static readonly TimeSpan UndecodableStride = TimeSpan.FromSeconds(2);

    private readonly InterviewSettings _settings;
    private readonly IObservationSink _sink;
    private readonly ILogger _logger;
    private readonly PipelineCosts _costs;
    private readonly StageTracker _stages;
    private readonly Func<AudioPipeline>? _makeAudio;
    private readonly Func<VideoPipeline>? _makeVideo;
    private AudioIntake? _audio;
    private AudioPipeline? _audioPipeline;
    private VideoPipeline? _video;
    private VideoCodec _videoCodec;
    private MediaTime _lastTime;
    private MediaTime _nextUndecodable;
    private bool _audioFaulted;
    private bool _videoDescribed;

    public MediaAnalysis(
        InterviewSettings settings, IObservationSink sink, Func<AudioPipeline>? makeAudio, Func<VideoPipeline>? makeVideo, PipelineCosts costs, ILogger logger)
    {
        (_settings, _sink, _makeAudio, _makeVideo, _costs, _logger) = (settings, sink, makeAudio, makeVideo, costs, logger);
        _stages = new StageTracker(settings);
    }

    /// <summary>An <see cref="EndRecord"/> was seen.</summary>
    public bool Ended { get; private set; }

    public MediaTime LastTime => _lastTime;

    /// <summary>Before the first packet of a track.</summary>
    public void Describe(TrackFormat format)
    {
        if (format.Track == TrackKind.Audio && _audio is null && !_audioFaulted && _makeAudio is not null)
        {
            _audioPipeline = _makeAudio();
            _audio = new AudioIntake(format, _audioPipeline, _sink, _costs);
        }
        else if (format.Track == TrackKind.Video && !_videoDescribed)
        {
            _videoDescribed = true;
            _videoCodec = format.Codec switch
            {
                MediaCodec.H264 => VideoCodec.H264,
                MediaCodec.Jpeg => VideoCodec.Jpeg,
                _ => VideoCodec.Vp8,
            };
            _video = _makeVideo?.Invoke();
        }
    }

    /// <summary>Takes the next entry of the recording.</summary>
    public async ValueTask AcceptAsync(RecordedPacket packet, RequestClass requestClass, CancellationToken cancellationToken)
    {
        _lastTime = MediaTime.Max(_lastTime, packet.Time);
        if (packet.Track == TrackKind.Audio)
            _stages.Hear(packet.Time);
        // A marker passes time like any packet: without it an answer in a silent stage would run over its limit.
        if (_stages.Advance(packet.Time) is { } overdue)
        {
            _audio?.CutAt(overdue.Range.End, begins: false);
            await _sink.AppendAsync(overdue, cancellationToken);
        }

        if (packet.Track == TrackKind.Control)
            await AcceptControlAsync(packet, cancellationToken);
        else if (packet.Track == TrackKind.Audio)
            await GuardAudioAsync(static (audio, state) => audio.AcceptAsync(state.packet, state.requestClass, state.cancellationToken), (packet, requestClass, cancellationToken), cancellationToken);
        else
            await GuardVideoAsync(packet, requestClass, cancellationToken);
    }

    /// <summary>The recording has no more entries: ends what is running.</summary>
    public async ValueTask CompleteAsync(RequestClass requestClass, CancellationToken cancellationToken)
    {
        await GuardAudioAsync(static (audio, state) => audio.CompleteAsync(state.requestClass, state.cancellationToken), (requestClass, cancellationToken), cancellationToken);
        if (_video is not { } video)
            return;
        try
        {
            await video.CompleteAsync(cancellationToken);
        }
        catch (Exception exception) when (IsContained(exception, cancellationToken))
        {
            await FaultAsync("video", exception, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _audio?.Dispose();
        if (_audioPipeline is not null)
            await _audioPipeline.DisposeAsync();
        if (_video is not null)
            await _video.DisposeAsync();
        (_audio, _audioPipeline, _video) = (null, null, null);
    }

    private async ValueTask AcceptControlAsync(RecordedPacket packet, CancellationToken cancellationToken)
    {
        switch (ControlRecord.TryParse(packet.Payload.Span))
        {
            case StageMarkerRecord { Begins: true } begin:
                _audio?.CutAt(packet.Time, begins: true);
                foreach (var observation in _stages.Begin(packet.Time, begin.StageId, begin.QuestionId, begin.Attempt))
                    await _sink.AppendAsync(observation, cancellationToken);
                break;
            case StageMarkerRecord end:
                if (_stages.End(packet.Time, StageEndReason.Answered, end.QuestionId) is { } answered)
                {
                    _audio?.CutAt(packet.Time, begins: false);
                    await _sink.AppendAsync(answered, cancellationToken);
                }

                break;
            case WrittenAnswerRecord written when _settings.Permits(Modality.Text):
                await _sink.AppendAsync(
                    new WrittenAnswer(MediaRange.At(packet.Time), written.StageId, written.QuestionId, written.Attempt, written.Text), cancellationToken);
                break;
            case EndRecord end:
                if (_stages.End(packet.Time, StageEndReason.InterviewEnded) is { } last)
                {
                    _audio?.CutAt(packet.Time, begins: false);
                    await _sink.AppendAsync(last, cancellationToken);
                }

                await _sink.AppendAsync(new InterviewEnded(MediaRange.At(packet.Time), end.Reason), cancellationToken);
                Ended = true;
                break;
            case ClockAnchorRecord { GapReason: { } reason } anchor:
                await _sink.AppendAsync(
                    new MediaGap(new MediaRange(new MediaTime(anchor.GapStartUs), new MediaTime(anchor.GapEndUs)), NameOf(anchor.Track), reason), cancellationToken);
                break;
        }
    }

    private async ValueTask GuardAudioAsync<TState>(Func<AudioIntake, TState, ValueTask> action, TState state, CancellationToken cancellationToken)
    {
        if (_audio is not { } audio)
            return;
        try
        {
            await action(audio, state);
        }
        catch (Exception exception) when (IsContained(exception, cancellationToken))
        {
            (_audio, _audioFaulted) = (null, true);
            audio.Dispose();
            await FaultAsync("audio", exception, cancellationToken);
        }
    }

    private async ValueTask GuardVideoAsync(RecordedPacket packet, RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (_video is not { } video)
            return;
        // The bitstream has the last word on what is a key frame; only those are decoded.
        if (!KeyFrameInspector.TryInspect(_videoCodec, packet.Payload.Span, out var info, out var error))
        {
            await NoteUndecodableAsync(packet.Time, error, cancellationToken);
            return;
        }

        if (!info.IsKeyFrame)
            return;
        try
        {
            await video.PushKeyFrameAsync(packet.Time, _videoCodec, packet.Payload, requestClass, cancellationToken);
        }
        catch (Exception exception) when (IsContained(exception, cancellationToken))
        {
            _video = null;
            await video.DisposeAsync();
            await FaultAsync("video", exception, cancellationToken);
        }
    }

    /// <summary>Garbage at 30 packets a second is stated once a grid point, not 30 times.</summary>
    private ValueTask NoteUndecodableAsync(MediaTime time, string? error, CancellationToken cancellationToken)
    {
        if (time < _nextUndecodable)
            return ValueTask.CompletedTask;
        _nextUndecodable = time + UndecodableStride;
        return _sink.AppendAsync(new FrameSkipped(MediaRange.At(time), "undecodable: " + error), cancellationToken);
    }

    private async ValueTask FaultAsync(string component, Exception exception, CancellationToken cancellationToken)
    {
        LogAnalyserFaulted(_logger, component, _settings.InterviewId, exception);
        await _sink.AppendAsync(new AnalysisFault(MediaRange.At(_lastTime), component, exception.GetType().Name + ": " + exception.Message), cancellationToken);
    }

    // A disk that can't be written is no fault of an analyser: the session itself has to stop.
    private static bool IsContained(Exception exception, CancellationToken cancellationToken) =>
        exception is not (LogStorageException or OutOfMemoryException) && !cancellationToken.IsCancellationRequested;

    private static string NameOf(TrackKind track) => track switch { TrackKind.Audio => "audio", TrackKind.Video => "video", _ => "control" };

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Component} analysis of interview {InterviewId} failed and ends; the recording goes on")]
    private static partial void LogAnalyserFaulted(ILogger logger, string component, string interviewId, Exception exception);
}
