using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MediaScore.Perception.Vision;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Gallery;

/// <content>How the memory follows the store. The store calls one at a time, in the order of its changes.</content>
public sealed partial class FaceGallery
{
    /// <summary>This process stored something.</summary>
    private void Follow(PeopleChange change)
    {
        var (person, tenant) = (change.Person, Tenant(change.Person.Tenant));
        switch (change.Kind)
        {
            case PeopleChangeKind.Set:
                tenant.Set(Known(person));
                break;
            case PeopleChangeKind.TemplateAdded:
                tenant.Set(Known(person));
                Admit(change.Template!);
                break;
            case PeopleChangeKind.TemplateErased:
                Remove(person.Tenant, change.Template!.Id);
                _skipped.TryRemove(change.Template.Id, out _);
                break;
            case PeopleChangeKind.ConsentWithdrawn:
                tenant.Set(Known(person));
                Interlocked.Add(ref _templateCount, -tenant.RemoveTemplatesOf(person.Id));
                break;
            case PeopleChangeKind.Removed:
                Interlocked.Add(ref _templateCount, -tenant.RemovePerson(person.Id));
                break;
        }

        // Where another process was in between, the next look takes over everything; so it does where what found no room may find it now.
        if (change.Kind is PeopleChangeKind.Set or PeopleChangeKind.TemplateAdded || _skipped.IsEmpty)
            Interlocked.CompareExchange(ref _revision, change.Revision, change.Revision - 1);
    }

    /// <summary>Makes the memory what the store is.</summary>
    /// <returns>Templates that went.</returns>
    private async Task<int> TakeOverAsync(PeopleSnapshot snapshot, ModelIdentity? model, CancellationToken cancellationToken)
    {
        if (model != _model)
        {
            _skipped.Clear();
            _model = model;
        }

        var people = snapshot.People.ToDictionary(person => person.Id, StringComparer.Ordinal);
        var heads = snapshot.Templates.Where(head => people.ContainsKey(head.PersonId)).ToDictionary(head => head.Id, StringComparer.Ordinal);
        var erasedCount = Forget(people, heads);
        foreach (var person in snapshot.People)
            Tenant(person.Tenant).Set(Known(person));

        var held = _tenants.Values.SelectMany(tenant => tenant.TemplateIds).ToHashSet(StringComparer.Ordinal);
        var missing = heads.Keys.Where(id => !held.Contains(id) && !(_skipped.TryGetValue(id, out var fault) && fault != TemplateFault.NoRoom)).ToList();
        // Some at a time: a sealed template is two kilobytes.
        foreach (var some in missing.Chunk(1_000))
        {
            foreach (var template in await _people!.TemplatesAsync(some, cancellationToken))
                Admit(template);
        }

        Interlocked.Exchange(ref _revision, snapshot.Revision);
        LogTakenOver(missing.Count, erasedCount);
        return erasedCount;
    }

    private int Forget(Dictionary<string, PersonRow> people, Dictionary<string, TemplateHead> heads)
    {
        var before = Volatile.Read(ref _templateCount);
        foreach (var gallery in _tenants.Values)
        {
            foreach (var id in gallery.PersonIds.Where(id => !people.ContainsKey(id)))
                Interlocked.Add(ref _templateCount, -gallery.RemovePerson(id));
            foreach (var id in gallery.TemplateIds.Where(id => !IsOfModel(heads.GetValueOrDefault(id))))
            {
                if (gallery.Remove(id))
                    Interlocked.Decrement(ref _templateCount);
            }
        }

        foreach (var id in _skipped.Keys.Where(id => !heads.ContainsKey(id)).ToList())
            _skipped.TryRemove(id, out _);
        return before - Volatile.Read(ref _templateCount);
    }

    private bool IsOfModel(TemplateHead? head) => head is not null && _model is { } model && new ModelIdentity(head.ModelId, head.ModelVersion) == model;

    /// <summary>Opens a stored template and takes it in, or notes why not.</summary>
    private void Admit(FaceTemplateRow template)
    {
        var fault = TryAdmit(template);
        if (fault == TemplateFault.None)
            _skipped.TryRemove(template.Id, out _);
        else
            _skipped[template.Id] = fault;
    }

    private TemplateFault TryAdmit(FaceTemplateRow template)
    {
        if (PersonSeal.ModelOf(template) != _model)
            return TemplateFault.OtherModel;
        // Pinned, and overwritten after use: no copy of a face is left for the collector to move about.
        var embedding = GC.AllocateUninitializedArray<float>(EmbeddingCode.Dimensions, pinned: true);
        try
        {
            if (!PersonSeal.TryOpenTemplate(_keys!, template, embedding))
                return TemplateFault.Unreadable;
            // What is there already is no fault.
            return Add(template.Tenant, template.PersonId, template.Id, embedding) || !IsFull ? TemplateFault.None : TemplateFault.NoRoom;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(embedding.AsSpan()));
        }
    }

    private KnownPerson Known(PersonRow person) => new(person.Id, person.Tenant, person.Number, PersonSeal.OpenName(_keys!, person), person.IsBlocked);
}
