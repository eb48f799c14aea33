using MediaScore.Keys;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Observability;
using MediaScore.Pipelines.Session;
using MediaScore.Storage;
using MediaScore.Timeline;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// Leads every interview of this node from its creation to its report: makes it, opens its session, takes up what an earlier process left, ends what nobody
/// comes back to, and has the report built when the analysis is done. Thread-safe.
/// </summary>
internal sealed partial class InterviewConductor(
    InterviewStore store, KeyStore keys, SessionRegistry registry, InterviewReports reports, SessionServices services, IOptions<StreamOptions> streamOptions,
    AdmissionController admission, MediaServerMeter meter, TimeProvider time, ILogger<InterviewConductor> logger) : BackgroundService
{
    // A front-end may keep an interview over night; who has not come by then gets a new one (idempotency keys hold as long).
    private static readonly TimeSpan CreatedExpiry = TimeSpan.FromHours(24);

    // A candidate has a job, a family and a holiday: two weeks are what invitations to interviews usually allow.
    private static readonly TimeSpan InvitationExpiry = TimeSpan.FromDays(14);

    // Nobody waits for it; a hundredth of the usual idle limit is no delay.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _finishing = [];
    private readonly SharedPlans _plans = new();

    /// <summary>The process is stopping; interviews go on in the next one.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Ends all streams, so that the listener need not wait for them. The sessions are closed in <see cref="StopAsync"/>.</summary>
    public void BeginStop() => _stopping.Cancel();

    /// <summary>Makes an interview, or finds the one that the same idempotency key made.</summary>
    public async Task<CreatedInterview> CreateAsync(NewInterview request, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("n");
        using var key = keys.GetOrCreate(id);
        var (token, candidateToken) = (AccessToken.Derive(key), AccessToken.DeriveCandidate(key));
        var folder = reports.Folder(id);
        Directory.CreateDirectory(folder.FullPath);
        await File.WriteAllBytesAsync(folder.PlanPath, request.Plan.Yaml, cancellation);
        var (row, created) = await store.CreateAsync(
            new InterviewRow
            {
                Id = id,
                Tenant = request.Tenant,
                PlanId = request.Plan.Plan.Id,
                PlanSha256 = request.Plan.Sha256,
                CandidateReference = request.CandidateReference,
                Consent = request.Consent,
                Permitted = request.Permitted,
                Language = request.Language,
                PolicyProfile = request.PolicyProfile,
                Recognizer = request.Recognizer,
                AccessTokenSha256 = AccessToken.Hash(token),
                CandidateTokenSha256 = AccessToken.Hash(candidateToken),
                Invited = request.Invited,
                ConsentPending = request.Invited,
                IdempotencyKey = request.IdempotencyKey,
                State = InterviewState.Created,
            },
            cancellation);
        if (!created)
        {
            Directory.Delete(folder.FullPath, recursive: true);
            keys.Destroy(id);
            // A new key would be the key of another interview: what was erased stays erased.
            using var earlier = keys.TryGet(row.Id) ?? throw new InterviewErasedException(row.Id);
            return new CreatedInterview(row.Id, AccessToken.Derive(earlier), AccessToken.DeriveCandidate(earlier), row.Permitted, await ReadPlanAsync(row, cancellation), row.Language);
        }

        registry.Add(new LiveInterview(row, _plans.Share(request.Plan), OpenAsync, time));
        meter.InterviewCreated();
        LogCreated(id, row.PlanId, row.PolicyProfile, row.Permitted);
        return new CreatedInterview(id, token, candidateToken, row.Permitted, request.Plan, row.Language);
    }

    /// <summary>The end of an interview is recorded: the row says so, and a restart finishes it. Whoever could not store it may say it again.</summary>
    public async Task NoteEndedAsync(LiveInterview interview, CancellationToken cancellation)
    {
        if (interview.Row.State is InterviewState.Created or InterviewState.Running)
        {
            interview.Row.State = InterviewState.Finishing;
            interview.Row.EndedAt = time.GetUtcNow();
            registry.NoteChange();
        }

        if (interview.IsEndStored || interview.Row.State is not InterviewState.Finishing)
            return;
        await store.SetStateAsync(interview.Row.Id, InterviewState.Finishing, cancellationToken: cancellation);
        interview.IsEndStored = true;
    }

    /// <summary>The first media is about to come.</summary>
    public async Task NoteRunningAsync(LiveInterview interview, CancellationToken cancellation)
    {
        if (interview.Row.State != InterviewState.Created)
            return;
        interview.Row.State = InterviewState.Running;
        registry.NoteChange();
        await store.SetStateAsync(interview.Row.Id, InterviewState.Running, cancellationToken: cancellation);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await store.ListUnfinishedAsync(cancellationToken))
        {
            try
            {
                registry.Add(new LiveInterview(row, await ReadPlanAsync(row, cancellationToken), OpenAsync, time));
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                LogPlanGone(row.Id, e);
                await store.SetStateAsync(row.Id, InterviewState.Failed, "its plan cannot be read", cancellationToken);
            }
        }

        if (registry.Count > 0)
            LogRecovering(registry.Count);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
        // Side by side: each waits for its disk, and a supervisor waits for all of them. One that cannot be closed keeps no other one open.
        await Task.WhenAll(registry.All.Where(registry.Remove).Select(CloseAsync));
        Task[] finishing;
        lock (_finishing)
            finishing = [.. _finishing];
        await Task.WhenAll(finishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        _takingUp.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Opening a session reads its recording. Those that run wait for their client; those that had their end go on to their report by that alone.
        foreach (var interview in registry.All.Where(i => i.Row.State is InterviewState.Running))
            await TryOpenAsync(interview, stoppingToken);
        await TakeUpFinishedAsync(stoppingToken);

        using var timer = new PeriodicTimer(SweepPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var interview in registry.All.Where(i => i.BackOff.IsOver))
            {
                try
                {
                    await SweepAsync(interview, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // One interview's trouble must not end the sweep of all others.
                    await FaultAsync(interview, e);
                }
            }

            await TakeUpFinishedAsync(stoppingToken);
        }
    }

    private async Task SweepAsync(LiveInterview interview, CancellationToken cancellation)
    {
        switch (interview.Row.State)
        {
            case InterviewState.Created when ExpiryOf(interview.Row) is var expiry && time.GetUtcNow() - interview.Row.CreatedAt > expiry:
                await FailAsync(interview, $"nobody came within {(expiry.TotalDays > 1 ? $"{expiry.TotalDays:0} days" : $"{expiry.TotalHours:0} hours")}");
                break;
            case InterviewState.Running when interview.Idle > TimeSpan.FromSeconds(streamOptions.Value.InterviewIdleSeconds):
                if (await TryOpenAsync(interview, cancellation) is { HasEnded: false } session)
                {
                    LogIdle(interview.Row.Id);
                    await session.EndAsync(InterviewEndReason.IdleTimeout, cancellation);
                    await NoteEndedAsync(interview, cancellation);
                }

                break;
        }
    }

    private async Task<InterviewSession> OpenAsync(LiveInterview interview, CancellationToken cancellation)
    {
        var epoch = await store.NextEpochAsync(interview.Row.Id, cancellation);
        var away = SinceRecorded(interview);
        var session = await InterviewSession.OpenAsync(SessionSettings.For(interview.Row, interview.Plan, epoch), services, cancellation);
        try
        {
            interview.Clock.Start(session.RecordedUntil, session.RecordedUntil > MediaTime.Zero ? away : TimeSpan.Zero);
            if (session.HasEnded)
                await NoteEndedAsync(interview, cancellation);
        }
        catch
        {
            // Nobody else knows of it, and it holds the interview's files.
            await session.DisposeAsync();
            throw;
        }

        lock (_finishing)
        {
            _finishing.RemoveAll(t => t.IsCompleted);
            _finishing.Add(FinishAsync(interview, session));
        }

        return session;
    }

    /// <summary>How long ago an earlier process recorded its last: the hole in the interview. Who stays away longer than the idle limit has no interview any more.</summary>
    private TimeSpan SinceRecorded(LiveInterview interview)
    {
        var file = new FileInfo(reports.Folder(interview.Row.Id).RecordingPath);
        var away = file.Exists ? time.GetUtcNow() - new DateTimeOffset(file.LastWriteTimeUtc) : TimeSpan.Zero;
        return TimeSpan.FromTicks(Math.Clamp(away.Ticks, 0, TimeSpan.FromSeconds(streamOptions.Value.InterviewIdleSeconds).Ticks));
    }

    /// <summary>Waits for the analysis and has the report built. The interview's boundary: nothing that goes wrong here reaches another one.</summary>
    private async Task FinishAsync(LiveInterview interview, InterviewSession session)
    {
        try
        {
            // A session that cannot be closed never completes, and the process has to stop all the same.
            await session.Completion.WaitAsync(_stopping.Token);
            await NoteEndedAsync(interview, _stopping.Token);
            using (InterviewTraces.StartReport(interview.Trace))
            {
                var began = time.GetTimestamp();
                // The row as it is stored: a replay reads it from there, and must come to the same bytes.
                var row = await store.FindAsync(interview.Row.Id, _stopping.Token) ?? interview.Row;
                await reports.WriteAsync(row, interview.Plan, session.Observations, _stopping.Token);
                meter.ReportWritten(time.GetElapsedTime(began));
            }

            await store.SetStateAsync(interview.Row.Id, InterviewState.ReportReady, cancellationToken: _stopping.Token);
            interview.Row.State = InterviewState.ReportReady;
            LogReportReady(interview.Row.Id, session.Durable.TotalSeconds);
            InterviewTraces.Describe(interview.Trace, session);
            // First: who hears of the report and asks again must not find an interview that still seems to run.
            registry.Remove(interview);
            interview.CompleteReport(default);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested || session.Completion.IsCanceled)
        {
            // The process stops, or the session was closed; the interview goes on from disk when it is opened again.
            return;
        }
        catch (Exception e)
        {
            await FaultAsync(interview, e);
            return;
        }

        // Its report is written: what goes wrong from here on is no fault of it.
        await CloseAsync(interview);
        if (!_stopping.IsCancellationRequested)
            await TakeUpFinishedAsync(_stopping.Token);
    }

    private async Task<StoredPlan> ReadPlanAsync(InterviewRow row, CancellationToken cancellation)
    {
        var yaml = await File.ReadAllBytesAsync(reports.Folder(row.Id).PlanPath, cancellation);
        return _plans.Read(yaml);
    }
}
