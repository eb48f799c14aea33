using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.People;

/// <summary>
/// People whom doors may know, their consent and their templates. Each call is a transaction of its own, durable on return. Thread-safe; one a database and process, so that whoever
/// listens to <see cref="Changed"/> hears of every change that this process makes.
/// </summary>
public sealed class PersonStore(IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider time) : IDisposable
{
    // Changes are told in the order in which they were stored: a template that is gone must not come back because its coming was told last. SQLite has one writer anyway.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _erasedInLog;

    /// <summary>Something was stored; on the writer's thread, before its call returns, in the order of storing. Be quick and never throw.</summary>
    public event Action<PeopleChange>? Changed;

    /// <summary>The database's log may still hold what was erased, sealed, because somebody was reading: call <see cref="EmptyLogAsync"/> again.</summary>
    public bool LogHoldsErased => _erasedInLog;

    /// <summary>Stores a person, or gives the one with this number a new name.</summary>
    /// <param name="id">For a new one.</param>
    public async Task<PersonRow> SetAsync(string tenant, string number, string id, Func<string, byte[]> sealName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sealName);
        var change = await WriteAsync(async context =>
        {
            var row = await context.People.SingleOrDefaultAsync(person => person.Tenant == tenant && person.Number == number, cancellationToken);
            if (row is null)
                context.People.Add(row = new PersonRow { Id = id, Tenant = tenant, Number = number, SealedName = sealName(id), CreatedAt = StoredTime.Now(time) });
            else
                row.SealedName = sealName(row.Id);
            return new PeopleChange(PeopleChangeKind.Set, 0, row);
        }, cancellationToken);
        return change!.Person;
    }

    /// <summary>Stores a person where nobody has this number; whoever has it stays as they are.</summary>
    /// <returns>False where somebody has it.</returns>
    public async Task<bool> AddMissingAsync(string tenant, string number, string id, byte[] sealedName, bool blocked, CancellationToken cancellationToken = default)
    {
        var added = await WriteAsync(async context =>
        {
            if (await context.People.AnyAsync(person => person.Tenant == tenant && person.Number == number, cancellationToken))
                return null;
            var row = new PersonRow { Id = id, Tenant = tenant, Number = number, SealedName = sealedName, IsBlocked = blocked, CreatedAt = StoredTime.Now(time) };
            context.People.Add(row);
            return new PeopleChange(PeopleChangeKind.Set, 0, row);
        }, cancellationToken);
        return added is not null;
    }

    public async Task<PersonRow?> FindAsync(string tenant, string number, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.People.AsNoTracking().SingleOrDefaultAsync(row => row.Tenant == tenant && row.Number == number, cancellationToken);
    }

    /// <summary>Of one tenant or of all, by number.</summary>
    public async Task<IReadOnlyList<PersonRow>> ListAsync(string? tenant = null, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.People.AsNoTracking().Where(row => tenant == null || row.Tenant == tenant).OrderBy(row => row.Tenant).ThenBy(row => row.Number).ToListAsync(cancellationToken);
    }

    /// <returns>False where there is no such person.</returns>
    public async Task<bool> SetBlockedAsync(string personId, bool blocked, CancellationToken cancellationToken = default) =>
        await ChangeAsync(personId, row => row.IsBlocked = blocked, cancellationToken);

    /// <summary>Writes down that somebody agreed to be recognised by the face.</summary>
    /// <returns>False where there is no such person.</returns>
    public async Task<bool> GiveConsentAsync(string personId, string source, CancellationToken cancellationToken = default) =>
        await ChangeAsync(personId, row => (row.ConsentGivenAt, row.ConsentSource) = (StoredTime.Now(time), source), cancellationToken);

    /// <summary>Writes down that the consent is gone, and erases the templates with it, in one transaction.</summary>
    /// <returns>Templates erased; null where there is no such person.</returns>
    public async Task<int?> WithdrawConsentAsync(string personId, CancellationToken cancellationToken = default)
    {
        int? erased = null;
        await WriteAsync(async context =>
        {
            if (await context.People.SingleOrDefaultAsync(person => person.Id == personId, cancellationToken) is not { } row)
                return null;
            erased = await context.FaceTemplates.Where(template => template.PersonId == personId).ExecuteDeleteAsync(cancellationToken);
            // Whom the face resembles is known from the face.
            await context.Lookalikes.Where(lookalike => lookalike.PersonId == personId || lookalike.OtherId == personId).ExecuteDeleteAsync(cancellationToken);
            (row.ConsentGivenAt, row.ConsentWithdrawnAt) = (null, StoredTime.Now(time));
            return new PeopleChange(PeopleChangeKind.ConsentWithdrawn, 0, row);
        }, cancellationToken);
        await EmptyLogAsync(cancellationToken);
        return erased;
    }

    /// <returns>False where there is no such person. Templates go with it.</returns>
    public async Task<bool> RemoveAsync(string personId, CancellationToken cancellationToken = default)
    {
        var change = await WriteAsync(async context =>
        {
            if (await context.People.SingleOrDefaultAsync(person => person.Id == personId, cancellationToken) is not { } row)
                return null;
            await context.FaceTemplates.Where(template => template.PersonId == personId).ExecuteDeleteAsync(cancellationToken);
            context.People.Remove(row);
            return new PeopleChange(PeopleChangeKind.Removed, 0, row);
        }, cancellationToken);
        await EmptyLogAsync(cancellationToken);
        return change is not null;
    }

    /// <summary>Stores a template of somebody whose consent stands, unless something about people changed since the caller looked at them all.</summary>
    /// <param name="lookalikes">Who resembles this person and is another, as somebody says with this template; nobody of whom it was said before.</param>
    /// <param name="unlessSince">The revision at which it looked; null: whatever happened.</param>
    public async Task<AddedTemplate> AddTemplateAsync(
        FaceTemplateRow template, IReadOnlyList<LookalikeRow> lookalikes, long? unlessSince, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(lookalikes);
        var outcome = AddedTemplate.NoConsent;
        await WriteAsync(async context =>
        {
            // The transaction writes from its start, so that neither a withdrawal nor another's template comes between these questions and the row.
            if (unlessSince is { } revision && await PeopleRevision.ReadAsync(context, cancellationToken) != revision)
            {
                outcome = AddedTemplate.Outdated;
                return null;
            }

            if (await context.People.SingleOrDefaultAsync(person => person.Id == template.PersonId && person.ConsentGivenAt != null, cancellationToken) is not { } person)
                return null;
            template.CreatedAt = StoredTime.Now(time);
            context.FaceTemplates.Add(template);
            foreach (var lookalike in lookalikes)
                lookalike.SaidAt = template.CreatedAt;
            context.Lookalikes.AddRange(lookalikes);
            outcome = AddedTemplate.Stored;
            return new PeopleChange(PeopleChangeKind.TemplateAdded, 0, person, template);
        }, cancellationToken);
        return outcome;
    }

    /// <summary>Of one person.</summary>
    public async Task<IReadOnlyList<FaceTemplateRow>> TemplatesOfAsync(string personId, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.FaceTemplates.AsNoTracking().Where(row => row.PersonId == personId).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
    }

    /// <summary>Who resembles this person and was said to be another, by number; whichever of the two it was said of.</summary>
    public async Task<IReadOnlyList<Lookalike>> LookalikesOfAsync(string personId, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Lookalikes.Where(row => row.PersonId == personId).Select(row => new { Id = row.OtherId, row.Similarity, row.Source, row.SaidAt })
            .Concat(context.Lookalikes.Where(row => row.OtherId == personId).Select(row => new { Id = row.PersonId, row.Similarity, row.Source, row.SaidAt }));
        return await rows.Join(context.People, row => row.Id, person => person.Id, (row, person) => new { row, person.Number })
            .OrderBy(both => both.Number).Select(both => new Lookalike(both.row.Id, both.Number, both.row.Similarity, both.row.Source, both.row.SaidAt)).ToListAsync(cancellationToken);
    }

    /// <summary>Those of these ids that are still there.</summary>
    public async Task<IReadOnlyList<FaceTemplateRow>> TemplatesAsync(IEnumerable<string> ids, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = new List<FaceTemplateRow>();
        foreach (var some in ids.Chunk(500))
            rows.AddRange(await context.FaceTemplates.AsNoTracking().Where(row => some.Contains(row.Id)).ToListAsync(cancellationToken));
        return rows;
    }

    /// <summary>How many templates each person of a tenant has; who has none is not in it.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountTemplatesAsync(string tenant, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.FaceTemplates.Where(row => row.Tenant == tenant).GroupBy(row => row.PersonId)
            .Select(person => new { person.Key, Count = person.Count() }).ToDictionaryAsync(person => person.Key, person => person.Count, cancellationToken);
    }

    /// <summary>All templates with their people, for the gallery at start, read as they are taken.</summary>
    public async IAsyncEnumerable<(FaceTemplateRow Template, PersonRow Person)> ReadTemplatesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.FaceTemplates.AsNoTracking().Join(context.People.AsNoTracking(), template => template.PersonId, person => person.Id, (template, person) => new { template, person });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return (row.template, row.person);
    }

    /// <returns>False where there is no such template.</returns>
    public async Task<bool> RemoveTemplateAsync(string templateId, CancellationToken cancellationToken = default)
    {
        var change = await WriteAsync(async context =>
        {
            if (await context.FaceTemplates.SingleOrDefaultAsync(row => row.Id == templateId, cancellationToken) is not { } template)
                return null;
            var person = await context.People.SingleAsync(row => row.Id == template.PersonId, cancellationToken);
            context.FaceTemplates.Remove(template);
            return new PeopleChange(PeopleChangeKind.TemplateErased, 0, person, template);
        }, cancellationToken);
        await EmptyLogAsync(cancellationToken);
        return change is not null;
    }

    /// <summary>The count of all changes to people and templates, whichever process made them.</summary>
    public async Task<long> RevisionAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await PeopleRevision.ReadAsync(context, cancellationToken);
    }

    /// <summary>Shows everybody, where something changed since <paramref name="known"/>. Nobody of this process changes anything until <paramref name="visit"/> has ended.</summary>
    /// <returns>False where nothing changed.</returns>
    public async Task<bool> VisitChangesAsync(long known, Func<PeopleSnapshot, Task> visit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(visit);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            // First: what another process changes while the rest is read will be seen as a change the next time.
            var revision = await PeopleRevision.ReadAsync(context, cancellationToken);
            if (revision == known)
                return false;
            var people = await context.People.AsNoTracking().ToListAsync(cancellationToken);
            var templates = await context.FaceTemplates.AsNoTracking().Select(row => new TemplateHead(row.Id, row.PersonId, row.ModelId, row.ModelVersion)).ToListAsync(cancellationToken);
            await visit(new PeopleSnapshot(revision, people, templates));
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Empties the database's log, so that nothing erased is left in it either. Waits for nobody.</summary>
    /// <returns>False where somebody still reads what was before: ask again later.</returns>
    public async Task<bool> EmptyLogAsync(CancellationToken cancellationToken = default)
    {
        _erasedInLog = true;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await PeopleRevision.EmptyLogAsync(context, cancellationToken))
            return false;
        _erasedInLog = false;
        return true;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> ChangeAsync(string personId, Action<PersonRow> change, CancellationToken cancellationToken)
    {
        var stored = await WriteAsync(async context =>
        {
            if (await context.People.SingleOrDefaultAsync(person => person.Id == personId, cancellationToken) is not { } row)
                return null;
            change(row);
            return new PeopleChange(PeopleChangeKind.Set, 0, row);
        }, cancellationToken);
        return stored is not null;
    }

    /// <summary>Stores what <paramref name="write"/> did, counts it and tells it; where it gives null, nothing happened.</summary>
    private async Task<PeopleChange?> WriteAsync(Func<MediaScoreDbContext, Task<PeopleChange?>> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (await write(context) is not { } change)
                return null;
            await context.SaveChangesAsync(cancellationToken);
            change = change with { Revision = await PeopleRevision.NextAsync(context, cancellationToken) };
            // From here on it is told, whoever has lost patience.
            await transaction.CommitAsync(CancellationToken.None);
            Changed?.Invoke(change);
            return change;
        }
        finally
        {
            _turn.Release();
        }
    }
}
