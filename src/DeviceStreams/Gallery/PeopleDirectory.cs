using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.Storage.Devices;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>What operators do with people: the one way for console, command line and import. Thread-safe; every change is on the disk, and in this process's gallery, when its call returns.</summary>
public sealed class PeopleDirectory(PersonStore people, TenantKeys keys, DeviceStore devices, CommandQueue commands)
{
    // A terminal that was in a drawer for a season still hears whom it has to forget.
    private static readonly TimeSpan ForgetWithin = TimeSpan.FromDays(180);

    /// <summary>Stores somebody, or their new name.</summary>
    /// <exception cref="ArgumentException">Tenant, number or name is none; the message says why (<see cref="PersonRules"/>).</exception>
    public async Task<StoredPerson> SetAsync(string tenant, string number, string name, CancellationToken cancellationToken = default)
    {
        if ((PersonRules.FaultOfTenant(tenant) ?? PersonRules.FaultOfNumber(number) ?? PersonRules.FaultOfName(name)) is { } fault)
            throw new ArgumentException(fault);
        var known = await people.FindAsync(tenant, number, cancellationToken);
        if (known is not null && PersonSeal.OpenName(keys, known) == name)
            return StoredPerson.Unchanged;
        await people.SetAsync(tenant, number, PersonRules.NewId(), personId => PersonSeal.SealName(keys, tenant, personId, name), cancellationToken);
        return known is null ? StoredPerson.Added : StoredPerson.Renamed;
    }

    /// <summary>By number.</summary>
    public async Task<IReadOnlyList<PersonEntry>> ListAsync(string tenant, CancellationToken cancellationToken = default)
    {
        var counts = await people.CountTemplatesAsync(tenant, cancellationToken);
        return [.. (await people.ListAsync(tenant, cancellationToken)).Select(row => EntryOf(row, counts.GetValueOrDefault(row.Id)))];
    }

    /// <returns>Null where there is nobody with this number.</returns>
    public async Task<PersonEntry?> FindAsync(string tenant, string number, CancellationToken cancellationToken = default) =>
        await people.FindAsync(tenant, number, cancellationToken) is { } row ? EntryOf(row, (await people.TemplatesOfAsync(row.Id, cancellationToken)).Count) : null;

    /// <summary>Writes down that somebody agreed to be recognised by the face.</summary>
    /// <returns>False where there is nobody with this number.</returns>
    /// <exception cref="ArgumentException">The source is none.</exception>
    public async Task<bool> GiveConsentAsync(string tenant, string number, string source, CancellationToken cancellationToken = default)
    {
        if (PersonRules.FaultOfConsent(source) is { } fault)
            throw new ArgumentException(fault, nameof(source));
        return await people.FindAsync(tenant, number, cancellationToken) is { } row && await people.GiveConsentAsync(row.Id, source.Trim(), cancellationToken);
    }

    /// <summary>Writes down that somebody no longer agrees, and erases the face: in the database, in this process's gallery, and by command at the tenant's terminals.</summary>
    /// <returns>Templates erased; null where there is nobody with this number.</returns>
    public async Task<int?> WithdrawConsentAsync(string tenant, string number, CancellationToken cancellationToken = default)
    {
        if (await people.FindAsync(tenant, number, cancellationToken) is not { } row)
            return null;
        await ForgetAtDevicesAsync(tenant, number, cancellationToken);
        return await people.WithdrawConsentAsync(row.Id, cancellationToken);
    }

    /// <returns>False where there is nobody with this number.</returns>
    public async Task<bool> SetBlockedAsync(string tenant, string number, bool blocked, CancellationToken cancellationToken = default) =>
        await people.FindAsync(tenant, number, cancellationToken) is { } row && (row.IsBlocked == blocked || await people.SetBlockedAsync(row.Id, blocked, cancellationToken));

    /// <summary>Erases somebody, face and all. What happened at doors keeps the number (docs/operations/people.md).</summary>
    /// <returns>False where there is nobody with this number.</returns>
    public async Task<bool> RemoveAsync(string tenant, string number, CancellationToken cancellationToken = default)
    {
        if (await people.FindAsync(tenant, number, cancellationToken) is not { } row)
            return false;
        await ForgetAtDevicesAsync(tenant, number, cancellationToken);
        return await people.RemoveAsync(row.Id, cancellationToken);
    }

    private PersonEntry EntryOf(PersonRow row, int templateCount) =>
        new(row.Id, row.Number, PersonSeal.OpenName(keys, row), row.IsBlocked, row.ConsentGivenAt, row.ConsentSource, row.ConsentWithdrawnAt, templateCount, row.CreatedAt);

    /// <summary>
    /// Terminals that keep people of their own are told to forget this one; those that keep none have nothing to do. Before the person goes here: whoever is stopped in between can ask again,
    /// and afterwards nobody would know whom they have to forget.
    /// </summary>
    private async Task ForgetAtDevicesAsync(string tenant, string number, CancellationToken cancellationToken)
    {
        foreach (var device in await devices.ListAsync(tenant, cancellationToken))
        {
            // Whatever its state: one that was refused, or that waits again after a reset, may hold the person from before. It hears it when it is approved again.
            if (device.Protocol is DeviceProtocol.ZkAttendance or DeviceProtocol.ZkAccess or DeviceProtocol.Isapi or DeviceProtocol.Grpc or DeviceProtocol.Http)
                await commands.AddAsync(device.Id, CommandKinds.Delete, new DeleteArguments(number), ForgetWithin, cancellationToken);
        }
    }
}
