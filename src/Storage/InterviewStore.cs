using MediaScore.Timeline;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage;

/// <summary>Reads and writes interviews. Each call is a transaction of its own, durable on return. Thread-safe.</summary>
public sealed class InterviewStore(IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider timeProvider)
{
    // SQLITE_CONSTRAINT_UNIQUE.
    private const int UniqueConstraint = 2067;

    private static readonly TimeSpan IdempotencyKeyLifetime = TimeSpan.FromHours(24);

    /// <summary>Stores a new interview (<see cref="InterviewRow.CreatedAt"/> is set here). With an idempotency key that the tenant used within the last 24 hours, the interview of then is returned and nothing stored.</summary>
    public async Task<(InterviewRow Row, bool Created)> CreateAsync(InterviewRow row, CancellationToken cancellationToken = default)
    {
        row.CreatedAt = Now();
        if (row.IdempotencyKey is not { } key)
        {
            await AddAsync(row, cancellationToken);
            return (row, true);
        }

        await ExpireKeyAsync(row.Tenant, key, cancellationToken);
        try
        {
            if (await FindByIdempotencyKeyAsync(row.Tenant, key, cancellationToken) is { } known)
                return (known, false);
            await AddAsync(row, cancellationToken);
            return (row, true);
        }
        catch (DbUpdateException fault) when (fault.InnerException is SqliteException { SqliteExtendedErrorCode: UniqueConstraint })
        {
            // Another request with the same key came first; where there is none, it was the id that exists already.
            if (await FindByIdempotencyKeyAsync(row.Tenant, key, cancellationToken) is { } known)
                return (known, false);
            throw;
        }
    }

    public async Task<InterviewRow?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Interviews.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>The tenant's interview with this key, made within the last 24 hours.</summary>
    public async Task<InterviewRow?> FindByIdempotencyKeyAsync(string tenant, string idempotencyKey, CancellationToken cancellationToken = default)
    {
        var oldest = Now() - IdempotencyKeyLifetime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Interviews.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Tenant == tenant && row.IdempotencyKey == idempotencyKey && row.CreatedAt > oldest, cancellationToken);
    }

    /// <summary>Sets state and the time that goes with it (<c>Finishing</c>: EndedAt, <c>ReportReady</c>: ReportReadyAt, <c>Failed</c>: EndedAt; a time that is set stays). States only go forward: False where there is no such interview, or where it is past this state.</summary>
    /// <param name="failureReason">Stored with <c>Failed</c> only; cut at 1,024 characters.</param>
    public async Task<bool> SetStateAsync(string id, InterviewState state, string? failureReason = null, CancellationToken cancellationToken = default)
    {
        var now = Now();
        var ended = state is InterviewState.Finishing or InterviewState.ReportReady or InterviewState.Failed ? now : (DateTimeOffset?)null;
        var ready = state is InterviewState.ReportReady ? now : (DateTimeOffset?)null;
        var reason = state is InterviewState.Failed ? failureReason?[..Math.Min(failureReason.Length, 1024)] : null;
        // Whoever notes a running interview's end may come later than whoever wrote its report.
        InterviewState[] past = state switch
        {
            InterviewState.Created or InterviewState.Running => [InterviewState.Finishing, InterviewState.ReportReady, InterviewState.Failed],
            InterviewState.Finishing => [InterviewState.ReportReady, InterviewState.Failed],
            // A report that is written is not taken back.
            InterviewState.Failed => [InterviewState.ReportReady],
            _ => [],
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Interviews.Where(row => row.Id == id && !past.Contains(row.State)).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, state)
                .SetProperty(row => row.EndedAt, row => row.EndedAt ?? ended)
                .SetProperty(row => row.ReportReadyAt, row => row.ReportReadyAt ?? ready)
                .SetProperty(row => row.FailureReason, reason),
            cancellationToken) == 1;
    }

    /// <summary>Writes down what an invited candidate consented to, while no media has begun.</summary>
    /// <returns>False where there is no such invitation, or where it has begun.</returns>
    public async Task<bool> SetConsentAsync(string id, Modality consent, Modality permitted, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Interviews.Where(row => row.Id == id && row.Invited && row.State == InterviewState.Created).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Consent, consent)
                .SetProperty(row => row.Permitted, permitted)
                .SetProperty(row => row.ConsentPending, false),
            cancellationToken) == 1;
    }

    /// <summary>Takes the interview over: the next epoch, larger than every one before.</summary>
    /// <exception cref="KeyNotFoundException">No such interview.</exception>
    public async Task<ulong> NextEpochAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // One statement, so two owners never get the same number.
        var epochs = await context.Database
            .SqlQuery<long>($"UPDATE interviews SET OwnershipEpoch = OwnershipEpoch + 1 WHERE Id = {id} RETURNING OwnershipEpoch AS Value")
            .ToListAsync(cancellationToken);
        return epochs is [var epoch] ? (ulong)epoch : throw new KeyNotFoundException($"There is no interview {id}.");
    }

    /// <summary>Interviews in <c>Created</c>, <c>Running</c> or <c>Finishing</c>, oldest first: what a restart has to take up again.</summary>
    public async Task<IReadOnlyList<InterviewRow>> ListUnfinishedAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Interviews.AsNoTracking()
            .Where(row => row.State == InterviewState.Created || row.State == InterviewState.Running || row.State == InterviewState.Finishing)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken);
    }

    private DateTimeOffset Now() => StoredTime.Now(timeProvider);

    private async Task AddAsync(InterviewRow row, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Interviews.Add(row);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A key that is over 24 hours old may be used anew: the old interview lets go of it.</summary>
    private async Task ExpireKeyAsync(string tenant, string key, CancellationToken cancellationToken)
    {
        var oldest = Now() - IdempotencyKeyLifetime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Interviews.Where(row => row.Tenant == tenant && row.IdempotencyKey == key && row.CreatedAt <= oldest)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.IdempotencyKey, (string?)null), cancellationToken);
    }
}
