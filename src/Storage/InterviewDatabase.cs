using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage;

/// <summary>The SQLite database: one file, write-ahead log, <c>synchronous=FULL</c> (a committed transaction survives a power cut), foreign keys on.</summary>
public static class InterviewDatabase
{
    /// <summary>Options for contexts on this file; hand them to a context factory.</summary>
    public static void Configure(DbContextOptionsBuilder options, string path) => throw new NotSupportedException("The database is being built.");

    /// <summary>A context factory of its own, for programs without a service container.</summary>
    public static IDbContextFactory<MediaScoreDbContext> CreateFactory(string path) => throw new NotSupportedException("The database is being built.");

    /// <summary>Makes the file (mode 0600) and brings it to this version's schema.</summary>
    public static Task MigrateAsync(IDbContextFactory<MediaScoreDbContext> contexts, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The database is being built.");
}
