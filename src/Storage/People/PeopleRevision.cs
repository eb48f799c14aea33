using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MediaScore.Storage.People;

/// <summary>
/// A count of the changes to people and templates, moved in the transaction of each change: whoever keeps them in memory asks it whether another process (the command line beside a
/// server) changed something.
/// </summary>
// SQLite keeps a number for its user in the file's header: transactional, free to read, and no table of one row. A database without one needs that table.
internal static class PeopleRevision
{
    public static async Task<long> ReadAsync(MediaScoreDbContext context, CancellationToken cancellationToken) =>
        (long)(await ExecuteAsync(context, "PRAGMA user_version;", cancellationToken))!;

    /// <summary>Counts one more, within the transaction that is open.</summary>
    public static async Task<long> NextAsync(MediaScoreDbContext context, CancellationToken cancellationToken)
    {
        // 31 bits, round and round: only "the same as before" is ever asked.
        var next = (await ReadAsync(context, cancellationToken) + 1) & int.MaxValue;
        await ExecuteAsync(context, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {next};"), cancellationToken);
        return next;
    }

    /// <summary>Brings the write-ahead log into the database's file and cuts it to nothing, without waiting for anybody.</summary>
    /// <returns>False where somebody still reads what was before.</returns>
    public static async Task<bool> EmptyLogAsync(MediaScoreDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            // A checkpoint that waits for readers keeps writers out: doors would wait for somebody's export. The next opening sets the time again.
            await ExecuteAsync(context, "PRAGMA busy_timeout = 0;", cancellationToken);
            return await ExecuteAsync(context, "PRAGMA wal_checkpoint(TRUNCATE);", cancellationToken) is 0L;
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    private static async Task<object?> ExecuteAsync(MediaScoreDbContext context, string sql, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
            command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
            return await command.ExecuteScalarAsync(cancellationToken);
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }
}
