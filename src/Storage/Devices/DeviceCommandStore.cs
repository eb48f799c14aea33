using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.Devices;

/// <summary>The queue of what devices are told to do. Each call is a transaction of its own, durable on return. Thread-safe.</summary>
public sealed class DeviceCommandStore(IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider time)
{
    private const int ResultLength = 1024;

    /// <summary>Stores a command; its number, state and time are set here.</summary>
    public async Task<DeviceCommandRow> AddAsync(string deviceId, string kind, string arguments, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        var now = StoredTime.Now(time);
        var row = new DeviceCommandRow { DeviceId = deviceId, Kind = kind, Arguments = arguments, State = DeviceCommandState.Queued, CreatedAt = now, ExpiresAt = now + lifetime };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.DeviceCommands.Add(row);
        await context.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <summary>
    /// What this device is to be told now, those of the kind <paramref name="urgent"/> before all else, then in the order of the numbers: what was never sent, and what was sent more than
    /// <paramref name="resendAfter"/> ago without an answer. Marked as sent.
    /// What is too late is marked as expired instead.
    /// </summary>
    public async Task<IReadOnlyList<DeviceCommandRow>> TakeAsync(string deviceId, int count, TimeSpan resendAfter, string urgent, CancellationToken cancellationToken = default)
    {
        var now = StoredTime.Now(time);
        var sentBefore = now - resendAfter;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.DeviceCommands
            .Where(row => row.DeviceId == deviceId && (row.State == DeviceCommandState.Queued || row.State == DeviceCommandState.Sent) && row.ExpiresAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, DeviceCommandState.Expired).SetProperty(row => row.EndedAt, now), cancellationToken);
        var rows = await context.DeviceCommands
            .Where(row => row.DeviceId == deviceId && (row.State == DeviceCommandState.Queued || (row.State == DeviceCommandState.Sent && row.SentAt <= sentBefore)))
            .OrderByDescending(row => row.Kind == urgent).ThenBy(row => row.Id).Take(count).ToListAsync(cancellationToken);
        foreach (var row in rows)
            (row.State, row.SentAt, row.SentCount) = (DeviceCommandState.Sent, now, row.SentCount + 1);
        await context.SaveChangesAsync(cancellationToken);
        return rows;
    }

    /// <summary>Writes down a device's answer; a second one changes nothing.</summary>
    /// <returns>False where this device has no such command under way.</returns>
    public async Task<bool> EndAsync(string deviceId, long id, bool succeeded, string result, CancellationToken cancellationToken = default)
    {
        var (now, state) = (StoredTime.Now(time), succeeded ? DeviceCommandState.Succeeded : DeviceCommandState.Failed);
        var words = result.Length > ResultLength ? result[..ResultLength] : result;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.DeviceCommands.Where(row => row.DeviceId == deviceId && row.Id == id && row.EndedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, state).SetProperty(row => row.Result, words).SetProperty(row => row.EndedAt, now), cancellationToken) == 1;
    }

    /// <returns>Null where this device was never told such a command.</returns>
    public async Task<DeviceCommandRow?> FindAsync(string deviceId, long id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.DeviceCommands.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.DeviceId == deviceId, cancellationToken);
    }

    /// <summary>A device's latest commands first, at most <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<DeviceCommandRow>> ListAsync(string deviceId, int count, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.DeviceCommands.AsNoTracking().Where(row => row.DeviceId == deviceId).OrderByDescending(row => row.Id).Take(count).ToListAsync(cancellationToken);
    }
}
