using MediaScore.Keys;
using MediaScore.Recording;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// One interview: its clock, its recording, its timeline and its pipelines. Lives through many connections and, on disk, through many processes: opening it
/// again after a crash reads the recording, knows what the timeline has already, and goes on. Thread-safe.
/// </summary>
/// <remarks>
/// A packet goes through one gate: duplicate check, clock, recording, then the analysis queue, which never makes it wait. The acknowledgement loop makes the
/// recording durable and only then tells the connection.
/// </remarks>
public sealed partial class InterviewSession : IAsyncDisposable
{
    /// <summary>Longest interview, in media time.</summary>
    public static readonly TimeSpan LengthLimit = TimeSpan.FromHours(4);

    private static readonly MediaTime LatestTime = MediaTime.Zero + LengthLimit;

    /// <summary>Longest written answer, characters.</summary>
    public const int WrittenAnswerLimit = 20_000;

    // Server-made control records share the control track with the client's; their numbers start where no client counts to.
    private const ulong ServerSequenceStart = 1UL << 63;

    // A minute of speech and picture at 0.5 Mbit/s; what is beyond is read from disk.
    private const long QueueCapacityBytes = 4 << 20;

    // The law is "at least once a second"; a fifth of it keeps a client's unacknowledged buffer short and costs one shared fsync.
    private static readonly TimeSpan AcknowledgePeriod = TimeSpan.FromMilliseconds(200);

    private readonly SessionServices _services;
    private readonly RecordingWriter _recording;
    private readonly TimelineLog _timeline;
    private readonly SessionSink _sink;
    private readonly AnalysisQueue _queue = new(QueueCapacityBytes);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _flushWanted = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<TrackKind, TrackIngest> _tracks = new()
    {
        [TrackKind.Audio] = new TrackIngest(TrackKind.Audio),
        [TrackKind.Video] = new TrackIngest(TrackKind.Video),
        [TrackKind.Control] = new TrackIngest(TrackKind.Control),
    };

    private readonly List<Observation> _observations = [];
    private readonly List<ControlEvent> _controlHistory = [];
    private readonly SessionObservers _observers = new();
    private readonly SoundHoles _sound = new();
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;
    private MediaConnection? _connection;
    private ulong _serverSequence = ServerSequenceStart;
    private readonly Audio.LevelMeter _level = new();
    private MediaTime _appendedTime;
    private long _recordedUntilUs;
    private MediaTime _durableTime;
    private long _flushCount;
    private long _durableFlush;
    private bool _ended;
    private bool _dirty;
    private Task _acknowledging = Task.CompletedTask;
    private Task _analysing = Task.CompletedTask;
    private int _disposed;

    private InterviewSession(InterviewSettings settings, SessionServices services, RecordingWriter recording, TimelineLog timeline)
    {
        (Settings, _services, _recording, _timeline) = (settings, services, recording, timeline);
        Folder = new InterviewFolder(services.DataRoot, settings.InterviewId);
        _logger = services.Loggers.CreateLogger<InterviewSession>();
        _sink = new SessionSink(timeline);
        _observations.AddRange(timeline.Recovered.Select(e => e.Observation));
        _subscription = timeline.Subscribe(OnDurable);
    }

    public InterviewSettings Settings { get; }

    public InterviewFolder Folder { get; }

    /// <summary>
    /// Completes when the analysis is done and everything it said is durable; faults when the session could not go on (the disk). Cancelled by
    /// <see cref="DisposeAsync"/> before that.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>Everything before this media time survives a power cut.</summary>
    public MediaTime Durable
    {
        get
        {
            lock (_observations)
                return _durableTime;
        }
    }

    /// <summary>Latest media time that was recorded, durable or not yet.</summary>
    public MediaTime RecordedUntil => new(Volatile.Read(ref _recordedUntilUs));

    /// <summary>How loud the sound is that the analysis has come to, dBFS; -100 for silence or none.</summary>
    public double SoundLevelDbfs => _level.LevelDbfs;

    /// <summary>When a spoken answer runs out that began at <paramref name="start"/>: its limit does not run where the sound is missing. The analysis ends it by the same rule.</summary>
    public MediaTime DeadlineOf(MediaTime start, TimeSpan limit, MediaTime now)
    {
        lock (_sound)
            return _sound.Deadline(start, limit, now);
    }

    /// <summary>The end of the interview is recorded; no more media is taken.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>Entries between the tap and the analysis, in memory.</summary>
    public int QueueDepth => _queue.Depth;

    /// <summary>A connection holds the session now.</summary>
    public bool IsConnected => Volatile.Read(ref _connection) is not null;

    /// <summary>Every durable observation so far, in the timeline's order.</summary>
    public IReadOnlyList<Observation> Observations
    {
        get
        {
            lock (_observations)
                return [.. _observations];
        }
    }

    /// <summary>Markers and written answers in the order they were recorded, earlier processes' first: what a flow of the plan is rebuilt from.</summary>
    public IReadOnlyList<ControlEvent> ControlHistory
    {
        get
        {
            lock (_observations)
                return [.. _controlHistory];
        }
    }

    /// <summary>For each track the first number that is not durable; a track that is not listed starts at 0.</summary>
    public IReadOnlyList<ResumePosition> ResumePositions => DurablePositions();

    /// <summary>Opens a new interview, whose key was made before, or one that an earlier process left.</summary>
    /// <exception cref="InterviewErasedException">It has no key, or no longer: keys are made with interviews, not with sessions.</exception>
    /// <exception cref="LogDamagedException">Its files were changed.</exception>
    /// <exception cref="LogFencedException">Another process, or a later owner, holds it.</exception>
    /// <exception cref="LogStorageException">The disk.</exception>
    public static async Task<InterviewSession> OpenAsync(InterviewSettings settings, SessionServices services, CancellationToken cancellationToken)
    {
        var folder = new InterviewFolder(services.DataRoot, settings.InterviewId);
        using var key = KeyOf(settings, services);
        var recording = await RecordingWriter.OpenAsync(folder, key, settings.OwnershipEpoch, services.Committer, cancellationToken);
        TimelineLog timeline;
        try
        {
            timeline = await TimelineLog.OpenAsync(
                folder, key, settings.OwnershipEpoch, services.Committer, services.Loggers.CreateLogger<TimelineLog>(), cancellationToken);
        }
        catch
        {
            await recording.DisposeAsync();
            throw;
        }

        var session = new InterviewSession(settings, services, recording, timeline);
        try
        {
            session.RecoverTracks();
            await session.StateBeginningAsync(cancellationToken);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        session.Start();
        return session;
    }

    /// <summary>Takes the interview over for one transport; an earlier connection is superseded.</summary>
    /// <param name="formats">The tracks that will come. A track keeps its format for the whole interview.</param>
    /// <param name="clock">Whose media times come; how far a jump is believed.</param>
    /// <exception cref="InvalidOperationException">A track has another format already; the message says which.</exception>
    public MediaConnection Connect(IReadOnlyList<TrackFormat> formats, MediaClockSource clock = MediaClockSource.Client)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        lock (_tracks)
        {
            foreach (var format in formats)
            {
                if (_tracks[format.Track].Format is { } known && known != format)
                    throw new InvalidOperationException($"The {format.Track} track of this interview is {known}; it cannot become {format}.");
            }

            foreach (var format in formats)
                _tracks[format.Track].Format = format;
        }

        var connection = new MediaConnection(this, clock, _queue.AppendedCount > 0, Durable, DurablePositions());
        Interlocked.Exchange(ref _connection, connection)?.Supersede();
        _ = NoteConnectionAsync(connected: true, "connected");
        return connection;
    }

    /// <summary>Completes when everything that was recorded before this call survives a power cut.</summary>
    /// <exception cref="LogStorageException">The disk.</exception>
    public Task MakeDurableAsync(CancellationToken cancellationToken) => FlushRecordingAsync(cancellationToken);

    /// <summary>What a track carries; null while nobody has said it.</summary>
    public TrackFormat? FormatOf(TrackKind track)
    {
        lock (_tracks)
            return _tracks[track].Format;
    }

    internal void Describe(TrackFormat format)
    {
        lock (_tracks)
        {
            var track = _tracks[format.Track];
            if (track.Format is { } known && known != format)
                throw new InvalidOperationException($"The {format.Track} track of this interview is {known}; it cannot become {format}.");
            track.Format = format;
        }
    }

    /// <summary>Stops at once; the interview stays on disk as it is and can be opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        Interlocked.Exchange(ref _connection, null)?.Supersede();
        _queue.Complete();
        // Who is in the tap leaves it before anything is closed; who waits for it, or comes later, finds the session closed. So the gate itself stays.
        await _gate.WaitAsync();
        _gate.Release();
        await IgnoreStopAsync(_acknowledging);
        await IgnoreStopAsync(_analysing);
        _completion.TrySetCanceled(CancellationToken.None);
        _subscription.Dispose();
        await IgnoreStopAsync(_timeline.DisposeAsync().AsTask());
        await IgnoreStopAsync(_recording.DisposeAsync().AsTask());
        _sink.Dispose();
        _flushWanted.Dispose();
        _stopping.Dispose();
    }

    internal void Detach(MediaConnection connection)
    {
        if (Interlocked.CompareExchange(ref _connection, null, connection) == connection && _disposed == 0)
            _ = NoteConnectionAsync(connected: false, "disconnected");
    }

    /// <summary>
    /// Tells <paramref name="observer"/> everything that a connection is told, whatever the transport, until the result is disposed. It is called on the session's own
    /// loops: it must return at once and not throw.
    /// </summary>
    public IDisposable Observe(Action<SessionEvent> observer) => _observers.Add(observer);

    private void Publish(SessionEvent @event)
    {
        Volatile.Read(ref _connection)?.Publish(@event);
        _observers.Tell(@event);
    }

    private async Task NoteConnectionAsync(bool connected, string reason)
    {
        try
        {
            await _timeline.AppendAsync(new ConnectionChanged(MediaRange.At(Durable), connected, reason));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            LogConnectionNotNoted(Settings.InterviewId, exception);
        }
    }

    // A new key would be the key of another interview: what was erased stays erased.
    private static DataKey KeyOf(InterviewSettings settings, SessionServices services) =>
        services.Keys.TryGet(settings.InterviewId) ?? throw new InterviewErasedException(settings.InterviewId);

    private static async Task IgnoreStopAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Stopping: whatever was under way is on disk or comes again from the client.
        }
    }

    private static bool Refuses(Modality permitted, TrackKind track) => track switch
    {
        TrackKind.Audio => !permitted.HasFlag(Modality.Audio),
        TrackKind.Video => !permitted.HasFlag(Modality.Video),
        _ => false,
    };
}
