using MediaScore.DeviceStreams.Gallery;
using MediaScore.Keys;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>The people of the database, with or without a face in the gallery: a card opens doors too.</summary>
public sealed class StoredPeople(PersonStore store, TenantKeys keys) : IDoorPeople
{
    public async ValueTask<DoorPerson?> FindAsync(string tenant, string number, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(tenant, number, cancellationToken) is not { } row)
            return null;
        return new DoorPerson(new KnownPerson(row.Id, row.Tenant, row.Number, PersonSeal.OpenName(keys, row), row.IsBlocked), row.ConsentGivenAt is not null);
    }
}
