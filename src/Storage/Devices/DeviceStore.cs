using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.Devices;

/// <summary>Reads and writes devices. Each call is a transaction of its own, durable on return. Thread-safe.</summary>
public sealed class DeviceStore(IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider time)
{
    /// <summary>The device with this serial, or <paramref name="newcomer"/> stored as it is (<see cref="DeviceRow.CreatedAt"/> is set here).</summary>
    public async Task<(DeviceRow Row, bool Created)> FindOrAddAsync(DeviceRow newcomer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(newcomer);
        if (await FindAsync(newcomer.Tenant, newcomer.Protocol, newcomer.Serial, cancellationToken) is { } known)
            return (known, false);
        newcomer.CreatedAt = StoredTime.Now(time);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            context.Devices.Add(newcomer);
            await context.SaveChangesAsync(cancellationToken);
            return (newcomer, true);
        }
        catch (DbUpdateException)
        {
            // Two of its requests came at once, and the other was first.
            if (await FindAsync(newcomer.Tenant, newcomer.Protocol, newcomer.Serial, cancellationToken) is { } other)
                return (other, false);
            throw;
        }
    }

    public async Task<DeviceRow?> FindAsync(string tenant, DeviceProtocol protocol, string serial, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Devices.AsNoTracking().SingleOrDefaultAsync(row => row.Tenant == tenant && row.Protocol == protocol && row.Serial == serial, cancellationToken);
    }

    public async Task<DeviceRow?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Devices.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>Of one tenant or of all, in the order in which they came.</summary>
    public async Task<IReadOnlyList<DeviceRow>> ListAsync(string? tenant = null, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Devices.AsNoTracking().Where(row => tenant == null || row.Tenant == tenant).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Changes a device as <paramref name="change"/> says; id, tenant, protocol and serial stay.</summary>
    /// <returns>The device as it is now; null where there is none.</returns>
    public async Task<DeviceRow?> UpdateAsync(string id, Action<DeviceRow> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Devices.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return null;
        var before = row.State;
        change(row);
        if (row.State == DeviceState.Approved && before != DeviceState.Approved)
            row.ApprovedAt = StoredTime.Now(time);
        await context.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <returns>False where there is none. Its events stay.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.DeviceCommands.Where(row => row.DeviceId == id).ExecuteDeleteAsync(cancellationToken);
        return await context.Devices.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;
    }
}
