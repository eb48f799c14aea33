using System.Threading.Channels;
using MediaScore.MediaServer.Sessions;
using MediaScore.Pipelines.Session;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>One subscriber. What the session says waits in a bounded queue, oldest out first, so a page that reads slowly holds up nobody.</summary>
internal sealed class CandidateStream : IDisposable
{
    // Captions and warnings of a minute at the densest.
    private const int QueueCapacity = 64;

    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    // Ticks without any event before a comment is sent.
    private const int HeartbeatTicks = 10;

    private readonly LiveInterview _interview;
    private readonly EventStreamWriter _writer;
    private readonly Channel<SessionEvent?> _queue;
    private readonly ITimer _timer;
    private readonly IDisposable _subscription;
    private long _safeUs = -1;
    private long _safeSentUs = -1;
    private int _safeWaits;
    private int _quietTicks;
    private bool _hadConnection;

    public CandidateStream(LiveInterview interview, EventStreamWriter writer, TimeProvider time)
    {
        (_interview, _writer) = (interview, writer);
        _queue = Channel.CreateBounded<SessionEvent?>(new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        // Null is a tick.
        _timer = time.CreateTimer(static queue => ((ChannelWriter<SessionEvent?>)queue!).TryWrite(null), _queue.Writer, TickPeriod, TickPeriod);
        _subscription = interview.Watch.Subscribe(Hear);
        if (interview.Session is { } session)
            Interlocked.CompareExchange(ref _safeUs, session.Durable.Microseconds, -1);
    }

    /// <summary>Until the interview is finished, or <paramref name="ending"/> fires.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        await _writer.BeginAsync(ending);
        await SendSafeAsync(ending);
        await foreach (var e in _queue.Reader.ReadAllAsync(ending))
        {
            if (e is null)
            {
                if (!await TickAsync(ending))
                    return;
                continue;
            }

            await SendAsync(e, ending);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _subscription.Dispose();
    }

    /// <returns>False after the last event.</returns>
    private async Task<bool> TickAsync(CancellationToken ending)
    {
        NotePresence();
        await SendSafeAsync(ending);
        if (_interview.Report is { IsCompleted: true } report)
        {
            if (report.IsCompletedSuccessfully)
                await _writer.SendAsync("finished", new FinishedEvent((await report).Failure is null ? CandidatePhase.Finished : CandidatePhase.Failed), ending);
            return false;
        }

        if (_interview.Connection is { } connection)
        {
            _hadConnection = true;
            await _writer.SendAsync(
                "connection",
                new ConnectionEvent(
                    CandidateJson.Word(connection.State), Math.Round(connection.LossPercent, 1), connection.RoundTripTime is { } rtt ? Math.Round(rtt.TotalMilliseconds, 1) : null,
                    Math.Round(connection.Jitter.TotalMilliseconds, 1), Math.Round(connection.PacketsPerSecond, 1)),
                ending);
            _quietTicks = 0;
        }
        else if (_hadConnection)
        {
            _hadConnection = false;
            await _writer.SendAsync("connection", new ConnectionEvent("closed", LossPercent: 0, RttMs: null, JitterMs: 0, PacketsPerSecond: 0), ending);
            _quietTicks = 0;
        }
        else if (++_quietTicks >= HeartbeatTicks)
        {
            await _writer.HeartbeatAsync(ending);
            _quietTicks = 0;
        }

        return true;
    }

    private async Task SendAsync(SessionEvent e, CancellationToken ending)
    {
        _quietTicks = 0;
        switch (e)
        {
            case Acknowledged:
                await SendSafeAsync(ending);
                break;
            case CaptionHeard caption:
                await _writer.SendAsync("caption", new CaptionEvent(caption.Range.Start.Microseconds / 1000, caption.Range.End.Microseconds / 1000, caption.Text), ending);
                break;
            case WarningRaised warning:
                await _writer.SendAsync("warning", new WarningEvent(WarningWords.Of(warning.Warning)), ending);
                break;
            case NoticeRaised notice:
                await _writer.SendAsync("warning", new WarningEvent(WarningWords.Of(notice.Notice)), ending);
                break;
            case StageChanged stage:
                await _writer.SendAsync("stage", new StageEvent(stage.StageId, stage.QuestionId, stage.Attempt, stage.Active, SecondsLeft(stage)), ending);
                break;
        }
    }

    // The analysis says that an answer began when it comes to it; meanwhile its time runs.
    private double SecondsLeft(StageChanged stage) =>
        stage.Active && CandidateControl.Position(_interview).Position is { Active: { } open, TimeLeft: var left } && open.QuestionId == stage.QuestionId && open.Attempt == stage.Attempt
            ? Math.Round(left.TotalSeconds, 1)
            : 0;

    private async Task SendSafeAsync(CancellationToken ending)
    {
        Interlocked.Exchange(ref _safeWaits, 0);
        var safe = Volatile.Read(ref _safeUs);
        if (safe == _safeSentUs)
            return;
        _safeSentUs = safe;
        await _writer.SendAsync("safe", new SafeEvent(safe / 1000), ending);
    }

    private void Hear(SessionEvent e)
    {
        if (e is Acknowledged acknowledged)
        {
            // Each one says what all before it said: one waits, so that they push nothing else out of the queue.
            Volatile.Write(ref _safeUs, acknowledged.Durable.Microseconds);
            if (Interlocked.Exchange(ref _safeWaits, 1) != 0)
                return;
        }

        _queue.Writer.TryWrite(e);
    }

    /// <summary>Who has the page open is there, also while writing without any media; an interview has an end all the same.</summary>
    private void NotePresence()
    {
        if (_interview.Session is { } session && _interview.NowOf(session).ToTimeSpan() < InterviewSession.LengthLimit)
            _interview.Touch();
    }
}
