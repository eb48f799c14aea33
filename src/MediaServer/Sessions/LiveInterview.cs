using System.Diagnostics;
using MediaScore.MediaServer.Observability;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Storage;
using MediaScore.Timeline;
using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// One unfinished interview on this node: its row, its plan, its session once somebody needs it, and what its end will bring. Thread-safe.
/// </summary>
internal sealed class LiveInterview : IAsyncDisposable
{
    // Who creates an interview and streams into it does so within minutes.
    private static readonly TimeSpan CreationHold = TimeSpan.FromMinutes(10);

    // The page has camera and microphone already when it asks for a place; what is left is a connection.
    private static readonly TimeSpan InvitationHold = TimeSpan.FromMinutes(1);

    /// <summary>Whose media have been coming for so long costs what it will cost.</summary>
    // A question is read before it is answered; half a minute is the preparation that front-ends usually give.
    public static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Func<LiveInterview, CancellationToken, Task<InterviewSession>> _open;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<ReportOutcome> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionMeter _meter;
    private InterviewSession? _session;
    private readonly Lock _gateLock = new();
    private ControlGate? _gate;
    private ICandidateConnection? _candidate;
    private long _lastConnected;
    private long _placeTaken;
    private bool _hasPlace;
    private long? _firstMedia;
    private int _disposed;

    public LiveInterview(InterviewRow row, StoredPlan plan, Func<LiveInterview, CancellationToken, Task<InterviewSession>> open, TimeProvider time)
    {
        (Row, Plan, _open, _time) = (row, plan, open, time);
        _lastConnected = time.GetTimestamp();
        if (!row.Invited)
            TakePlace();
        IsEndStored = row.State is InterviewState.Finishing;
        BackOff = new BackOff(time);
        Clock = new InterviewMediaClock(time);
        Watch = new InterviewWatch(time);
        _meter = new ConnectionMeter(time);
        Trace = InterviewTraces.StartInterview(row);
    }

    public InterviewRow Row { get; }

    public StoredPlan Plan { get; }

    /// <summary>Root span of the interview; null when nobody listens.</summary>
    public Activity? Trace { get; }

    /// <summary>How often its session broke down in this process.</summary>
    public int FaultCount { get; set; }

    /// <summary>While it lasts, nothing is done for the interview unless its client asks.</summary>
    public BackOff BackOff { get; }

    /// <summary>Its row in the database says that it has ended.</summary>
    public bool IsEndStored { get; set; }

    /// <summary>For media and markers that carry no interview time of their own.</summary>
    public InterviewMediaClock Clock { get; }

    /// <summary>The connection of the candidate's browser; null while there is none.</summary>
    public ICandidateConnection? Candidate
    {
        get => Volatile.Read(ref _candidate);
        set => Volatile.Write(ref _candidate, value);
    }

    /// <summary>Media can come now, whatever the transport.</summary>
    public bool IsMediaConnected => Candidate is { } candidate ? candidate.Statistics.State is WebRtc.RtcState.Connected : Session is { IsConnected: true };

    /// <summary>
    /// It counts as one of those that this machine holds: it runs, or its candidate may be about to come. What nobody streams into gives its place back, an invitation has none
    /// until its candidate comes, and what is left to do after the end is no candidate's.
    /// </summary>
    public bool HoldsPlace => Row.State switch
    {
        InterviewState.Running => true,
        InterviewState.Created => Candidate is not null
            || (Volatile.Read(ref _hasPlace) && _time.GetElapsedTime(Volatile.Read(ref _placeTaken)) < (Row.Invited ? InvitationHold : CreationHold)),
        _ => false,
    };

    /// <summary>It was admitted, just now.</summary>
    public void TakePlace()
    {
        Volatile.Write(ref _placeTaken, _time.GetTimestamp());
        Volatile.Write(ref _hasPlace, true);
    }

    /// <summary>Its media can come now. From one thread at a time.</summary>
    /// <returns>True when they could for <see cref="SettlingTime"/>, on whatever connections.</returns>
    public bool NoteMedia()
    {
        _firstMedia ??= _time.GetTimestamp();
        return _time.GetElapsedTime(_firstMedia.Value) >= SettlingTime;
    }

    /// <summary>A connection has ended; a newer one stays.</summary>
    public void Leave(ICandidateConnection connection) => Interlocked.CompareExchange(ref _candidate, null, connection);

    /// <summary>What its session said last.</summary>
    public InterviewWatch Watch { get; }

    /// <summary>How the browser's connection was during the last second; null where there is none.</summary>
    public ConnectionReading? Connection => _meter.Read(Candidate);

    /// <summary>Held by whoever lets the flow judge something and then records it, so that both see one order.</summary>
    public SemaphoreSlim ControlTurn { get; } = new(1, 1);

    /// <summary>The session, if somebody has opened it.</summary>
    public InterviewSession? Session => Volatile.Read(ref _session);

    /// <summary>It is not led here any more: it has its report, another process has it, or this one stops.</summary>
    public bool IsOver => Volatile.Read(ref _disposed) != 0;

    /// <summary>Completes when the report can be read, or when it is certain that there will be none.</summary>
    public Task<ReportOutcome> Report => _report.Task;

    /// <summary>How long nobody has been connected; zero while somebody is.</summary>
    public TimeSpan Idle => Session is { IsConnected: true } || Candidate is { Statistics.State: RtcState.Connected } ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastConnected));

    /// <summary>Opens the session, or gives the one that is open.</summary>
    /// <exception cref="ObjectDisposedException">The interview is not led here any more: it is over, another process has it, or this one stops.</exception>
    public async Task<InterviewSession> OpenSessionAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_session is { } opened)
                return opened;
            ObjectDisposedException.ThrowIf(IsOver, this);
            var session = await _open(this, cancellation);
            // Until the session is gone, which nothing outlives.
            session.Observe(Watch.Hear);
            Volatile.Write(ref _session, session);
            return session;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Runs <paramref name="change"/> if no media has begun and nobody is about to send any; none begins meanwhile.</summary>
    /// <returns>What the change says; false where it is too late.</returns>
    public async Task<bool> BeforeMediaAsync(Func<Task<bool>> change, CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            return _session is null && Candidate is null && Row.State is InterviewState.Created && await change();
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>
    /// Interview time now. Where a gRPC client is connected, its clock is the interview's, and it may send slower than time passes: now is where its media have come to.
    /// </summary>
    public MediaTime NowOf(InterviewSession session) =>
        Candidate is null && session.IsConnected ? session.RecordedUntil : MediaTime.Max(Clock.Now, session.RecordedUntil);

    /// <summary>The gate that markers pass; made anew with each session.</summary>
    public ControlGate Gate(InterviewSession session)
    {
        lock (_gateLock)
            return _gate ??= new ControlGate(Plan.Plan, session.ControlHistory, session.ResumePositions.FirstOrDefault(p => p.Track is TrackKind.Control).NextSequence, session.DeadlineOf);
    }

    /// <summary>A connection came or went.</summary>
    public void Touch() => Volatile.Write(ref _lastConnected, _time.GetTimestamp());

    /// <summary>After a fault: the next one to connect opens the session again from disk.</summary>
    public async Task CloseSessionAsync()
    {
        await _opening.WaitAsync();
        try
        {
            if (Interlocked.Exchange(ref _session, null) is { } session)
                await session.DisposeAsync();
            lock (_gateLock)
                _gate = null;
        }
        finally
        {
            _opening.Release();
        }
    }

    public void CompleteReport(ReportOutcome outcome) => _report.TrySetResult(outcome);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            if (Candidate is { } candidate)
                await candidate.FinishAsync();
        }
        finally
        {
            await CloseSessionAsync();
        }

        _report.TrySetCanceled(CancellationToken.None);
        Trace?.Dispose();
        // Neither _opening nor ControlTurn is disposed: a request may still wait for its turn, and would then wait for ever. No wait handle was made of them.
    }
}

/// <summary>How an interview came out.</summary>
/// <param name="Failure">Null where there is a report.</param>
internal readonly record struct ReportOutcome(string? Failure);
