using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage;

/// <summary>Reads and writes interviews. Each call is a transaction of its own, durable on return. Thread-safe.</summary>
public sealed class InterviewStore(IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider timeProvider)
{
    private const string Unfinished = "The store is being built.";

    /// <summary>Stores a new interview (<see cref="InterviewRow.CreatedAt"/> is set here). With an idempotency key that the tenant used within the last 24 hours, the interview of then is returned and nothing stored.</summary>
    public Task<(InterviewRow Row, bool Created)> CreateAsync(InterviewRow row, CancellationToken cancellationToken = default)
    {
        _ = contexts;
        _ = timeProvider;
        throw new NotSupportedException(Unfinished);
    }

    public Task<InterviewRow?> FindAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException(Unfinished);

    /// <summary>The tenant's interview with this key, made within the last 24 hours.</summary>
    public Task<InterviewRow?> FindByIdempotencyKeyAsync(string tenant, string idempotencyKey, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(Unfinished);

    /// <summary>Sets state and the time that goes with it (<c>Finishing</c>: EndedAt, <c>ReportReady</c>: ReportReadyAt, <c>Failed</c>: both where unset). False where there is no such interview.</summary>
    public Task<bool> SetStateAsync(string id, InterviewState state, string? failureReason = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(Unfinished);

    /// <summary>Takes the interview over: the next epoch, larger than every one before.</summary>
    /// <exception cref="KeyNotFoundException">No such interview.</exception>
    public Task<ulong> NextEpochAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException(Unfinished);

    /// <summary>Interviews in <c>Created</c>, <c>Running</c> or <c>Finishing</c>, oldest first: what a restart has to take up again.</summary>
    public Task<IReadOnlyList<InterviewRow>> ListUnfinishedAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException(Unfinished);
}
