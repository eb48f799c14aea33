using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MediaScore.Storage;

/// <summary>What SQLite forgets with each connection: how hard a commit is, and how long to wait for another writer.</summary>
internal sealed class SqliteConnectionSetup : DbConnectionInterceptor
{
    // secure_delete: an erased template is overwritten, not only unlinked. FULL: a committed transaction survives a power cut (NORMAL loses the last ones in WAL mode). Five seconds outlast any transaction of ours by far.
    private const string Pragmas = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
