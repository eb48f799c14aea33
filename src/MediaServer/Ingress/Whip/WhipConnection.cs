using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using MediaScore.MediaServer.Observability;
using MediaScore.MediaServer.Sessions;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Timeline;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Transport;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>
/// One browser's connection to one interview: takes frames from the network thread, lays them on the interview's clock, and records them. The interview begins with the
/// first frame; one connection takes over from another when the first has recorded its last. One use.
/// </summary>
internal sealed partial class WhipConnection : IRtcEvents, ICandidateConnection, IDisposable
{
    // From "close" to "closed" is one turn of the network thread; a disk that needs longer for what is queued has failed.
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(5);

    // More than the analysis puts in order: it waits for no packet that far back. Beyond it a gap of time says the same.
    private const long MostLost = 1000;

    private readonly LiveInterview _interview;
    private readonly InterviewConductor _conductor;
    private readonly Action<WhipConnection> _ended;
    private readonly MediaServerMeter _meter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FrameQueue _queue;
    private readonly TrackNumbers _audio = new(TrackKind.Audio);
    private readonly TrackNumbers _video = new(TrackKind.Video);
    private readonly CancellationTokenSource _stop = new();
    private WhipConnection? _predecessor;
    private RtcConnection? _rtc;
    private Task _pumping = Task.CompletedTask;
    private MediaConnection? _media;
    private Activity? _trace;
    private long _offsetUs;
    private bool _anchored;

    public WhipConnection(
        LiveInterview interview, UInt128 address, WhipConnection? predecessor, InterviewConductor conductor, Action<WhipConnection> ended, MediaServerMeter meter,
        TimeProvider time, ILogger logger)
    {
        (_interview, Address, _predecessor, _conductor, _ended, _meter, _time, _logger) = (interview, address, predecessor, conductor, ended, meter, time, logger);
        _queue = new FrameQueue(() => _rtc?.RequestKeyFrame());
    }

    /// <summary>Of the POST, for the cap per address.</summary>
    public UInt128 Address { get; }

    /// <summary>The last part of the session's URL, 128 random bits. The network's own id is in logs, this one is not.</summary>
    public string ResourceId { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Of the present ICE session.</summary>
    public string EntityTag => EntityTags.Of(ResourceId, Rtc.IceGeneration);

    public string InterviewId => _interview.Row.Id;

    /// <summary>Set once the offer was answered.</summary>
    public RtcConnection Rtc => _rtc ?? throw new InvalidOperationException("The offer was not answered yet.");

    public RtcStatistics Statistics => _rtc?.Statistics ?? new RtcStatistics();

    /// <summary>The offer was answered: begins to record what comes.</summary>
    public void Start(RtcConnection rtc)
    {
        _rtc = rtc;
        LogAnswered(_interview.Row.Id, rtc.Id);
        _pumping = Task.Run(PumpAsync);
    }

    public void OnFrame(in EncodedFrame frame)
    {
        if (!_anchored)
        {
            _anchored = true;
            _interview.Clock.Start(MediaTime.Zero, TimeSpan.Zero);
            _offsetUs = _interview.Clock.Anchor(frame.MediaTimeUs, _interview.Session?.RecordedUntil ?? MediaTime.Zero);
        }

        var interviewUs = Math.Max(0, frame.MediaTimeUs + _offsetUs);
        _interview.Clock.Observe(interviewUs);
        _queue.Add(frame, interviewUs);
    }

    public void OnState(RtcState state, CloseReason reason)
    {
        _interview.Touch();
        if (state is RtcState.Closed)
            _queue.Complete();
    }

    /// <summary>Ends the transport; what has come is still recorded.</summary>
    public void Close() => _rtc?.Close();

    public async Task FinishAsync()
    {
        Close();
        try
        {
            await _pumping.WaitAsync(FinishLimit, _time);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
            await _pumping;
        }
    }

    // Not _stop: whoever has waited too long for the end cancels it in the very moment in which it comes. It holds no timer and no wait handle.
    public void Dispose() => _queue.Dispose();

    private async Task PumpAsync()
    {
        try
        {
            if (_predecessor is not null)
                await _predecessor.FinishAsync();
            _predecessor = null;
            while (await _queue.TakeAsync(_stop.Token) is { } frame)
            {
                if (!await RecordAsync(frame))
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // Closed while something was under way; what is recorded is recorded.
        }
        catch (Exception e)
        {
            // The connection's boundary: the page makes a new one, and other interviews go on.
            LogFault(_interview.Row.Id, e);
        }
        finally
        {
            Close();
            _queue.Complete();
            _media?.Dispose();
            _trace?.Dispose();
            _meter.FramesDropped(MediaKind.Audio, _queue.DroppedAudioCount);
            _meter.FramesDropped(MediaKind.Video, _queue.DroppedVideoCount);
            _interview.Touch();
            // Also where the interview is registered no more.
            _interview.Leave(this);
            _ended(this);
            // Nothing is added to a queue that is complete, so the network thread may still call.
            Dispose();
        }
    }

    /// <returns>False when nothing more can be recorded on this connection.</returns>
    private async ValueTask<bool> RecordAsync(QueuedFrame frame)
    {
        _media ??= await BeginAsync();
        if (_media is null)
            return false;
        var track = frame.Kind is MediaKind.Audio ? _audio : _video;
        if (!track.Begun)
            await BeginTrackAsync(track, frame.Codec);
        if (track.Refused)
            return true;
        var sequence = track.Next + (ulong)Math.Min(frame.LostBefore, MostLost);
        var verdict = await _media.AcceptAsync(new IncomingPacket(track.Kind, sequence, frame.InterviewUs, frame.KeyFrame, frame.Payload), _stop.Token);
        _meter.PacketCame(verdict.Outcome, frame.Payload.Length);
        switch (verdict.Outcome)
        {
            case PacketOutcome.Superseded or PacketOutcome.Ended:
                return false;
            case PacketOutcome.Refused when frame.InterviewUs > InterviewSession.LengthLimit.TotalMicroseconds:
                await EndOverlongAsync();
                return false;
            case PacketOutcome.Refused:
                track.Refused = true;
                LogRefused(_interview.Row.Id, track.Kind, verdict.Reason!);
                return true;
            default:
                track.Next = sequence + 1;
                return true;
        }
    }

    /// <summary>The first frame is here: opens the interview's session, unless the interview has ended.</summary>
    private async Task<MediaConnection?> BeginAsync()
    {
        var session = await _interview.OpenSessionAsync(_stop.Token);
        if (session.HasEnded)
            return null;
        await _conductor.NoteRunningAsync(_interview, _stop.Token);
        // Which tracks come is known when they come: a candidate may have switched the camera off.
        var media = session.Connect([], MediaClockSource.Server);
        _trace = InterviewTraces.StartConnection(_interview.Trace, media.Resumed);
        return media;
    }

    private async Task BeginTrackAsync(TrackNumbers track, RtpCodec codec)
    {
        track.Begun = true;
        try
        {
            _media!.Describe(codec switch
            {
                RtpCodec.Opus => new TrackFormat(TrackKind.Audio, MediaCodec.Opus, 48_000, 1),
                RtpCodec.H264 => new TrackFormat(TrackKind.Video, MediaCodec.H264, 0, 0),
                _ => new TrackFormat(TrackKind.Video, MediaCodec.Vp8, 0, 0),
            });
        }
        catch (InvalidOperationException e)
        {
            track.Refused = true;
            LogRefused(_interview.Row.Id, track.Kind, e.Message);
            return;
        }

        var next = await _media!.NextSequenceAsync(track.Kind, _stop.Token);
        // How much of an interrupted track was lost nobody knows; that something was, one number left out says.
        track.Next = next == 0 ? 0 : next + 1;
    }

    private async Task EndOverlongAsync()
    {
        if (_interview.Session is not { } session)
            return;
        LogOverlong(_interview.Row.Id);
        await session.EndAsync(InterviewEndReason.LengthLimit, _stop.Token);
        await _conductor.NoteEndedAsync(_interview, _stop.Token);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The candidate of interview {InterviewId} connects by WebRTC session {SessionId}")]
    private partial void LogAnswered(string interviewId, string sessionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The WebRTC connection of interview {InterviewId} broke down; the candidate may connect again")]
    private partial void LogFault(string interviewId, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Track} track of interview {InterviewId} is not recorded on this connection: {Reason}")]
    private partial void LogRefused(string interviewId, TrackKind track, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} has reached the longest length and is ended")]
    private partial void LogOverlong(string interviewId);

    /// <summary>Where a track of this connection goes on.</summary>
    private sealed class TrackNumbers(TrackKind kind)
    {
        public TrackKind Kind => kind;

        public bool Begun { get; set; }

        public bool Refused { get; set; }

        public ulong Next { get; set; }
    }
}
