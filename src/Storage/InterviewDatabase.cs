using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage;

/// <summary>The SQLite database: one file, write-ahead log, <c>synchronous=FULL</c> (a committed transaction survives a power cut), foreign keys on.</summary>
public static class InterviewDatabase
{
    /// <summary>Options for contexts on this file; hand them to a context factory.</summary>
    public static void Configure(DbContextOptionsBuilder options, string path) => options
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, ForeignKeys = true }.ToString())
        .AddInterceptors(new SqliteConnectionSetup());

    /// <summary>A context factory of its own, for programs without a service container.</summary>
    public static IDbContextFactory<MediaScoreDbContext> CreateFactory(string path)
    {
        var options = new DbContextOptionsBuilder<MediaScoreDbContext>();
        Configure(options, path);
        return new ContextFactory(options.Options);
    }

    /// <summary>Makes the file (mode 0600) and its folder where they are missing, and brings it to this version's schema.</summary>
    public static async Task MigrateAsync(IDbContextFactory<MediaScoreDbContext> contexts, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        CreateFile(new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource);
        // Stays with the file, so once is enough.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    private static void CreateFile(string path)
    {
        var fullPath = Path.GetFullPath(path);
        if (File.Exists(fullPath))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(fullPath)!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(fullPath, options);
    }

    private sealed class ContextFactory(DbContextOptions<MediaScoreDbContext> options) : IDbContextFactory<MediaScoreDbContext>
    {
        public MediaScoreDbContext CreateDbContext() => new(options);
    }
}
