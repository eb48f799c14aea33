using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.People;

/// <summary>People whom doors may know, their consent and their templates. Each call is a transaction of its own, durable on return. Thread-safe.</summary>
public sealed class PersonStore(IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider time)
{
    /// <summary>Stores a person, or gives the one with this number a new name.</summary>
    /// <param name="id">For a new one.</param>
    public async Task<PersonRow> SetAsync(string tenant, string number, string id, Func<string, byte[]> sealName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sealName);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.People.SingleOrDefaultAsync(person => person.Tenant == tenant && person.Number == number, cancellationToken);
        if (row is null)
            context.People.Add(row = new PersonRow { Id = id, Tenant = tenant, Number = number, SealedName = sealName(id), CreatedAt = StoredTime.Now(time) });
        else
            row.SealedName = sealName(row.Id);
        await context.SaveChangesAsync(cancellationToken);
        return row;
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
    public async Task<bool> SetBlockedAsync(string personId, bool blocked, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.People.Where(row => row.Id == personId).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsBlocked, blocked), cancellationToken) == 1;
    }

    /// <summary>Writes down that somebody agreed to be recognised by the face.</summary>
    /// <returns>False where there is no such person.</returns>
    public async Task<bool> GiveConsentAsync(string personId, string source, CancellationToken cancellationToken = default)
    {
        var now = StoredTime.Now(time);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.People.Where(row => row.Id == personId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ConsentGivenAt, now).SetProperty(row => row.ConsentSource, source), cancellationToken) == 1;
    }

    /// <summary>Writes down that the consent is gone, and erases the templates with it, in one transaction.</summary>
    /// <returns>Templates erased; null where there is no such person.</returns>
    public async Task<int?> WithdrawConsentAsync(string personId, CancellationToken cancellationToken = default)
    {
        var now = StoredTime.Now(time);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var erased = await context.FaceTemplates.Where(row => row.PersonId == personId).ExecuteDeleteAsync(cancellationToken);
        var found = await context.People.Where(row => row.Id == personId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ConsentGivenAt, (DateTimeOffset?)null).SetProperty(row => row.ConsentWithdrawnAt, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return found == 1 ? erased : null;
    }

    /// <returns>False where there is no such person. Templates go with it.</returns>
    public async Task<bool> RemoveAsync(string personId, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.People.Where(row => row.Id == personId).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    /// <summary>Stores a template of somebody whose consent stands.</summary>
    /// <returns>False where it does not: then nothing is stored.</returns>
    public async Task<bool> AddTemplateAsync(FaceTemplateRow template, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        template.CreatedAt = StoredTime.Now(time);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        // Writes first, so that no withdrawal comes between the question and the row.
        var agreed = await context.People.Where(row => row.Id == template.PersonId && row.ConsentGivenAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsentSource, row => row.ConsentSource), cancellationToken);
        if (agreed != 1)
            return false;
        context.FaceTemplates.Add(template);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Of one person.</summary>
    public async Task<IReadOnlyList<FaceTemplateRow>> TemplatesOfAsync(string personId, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.FaceTemplates.AsNoTracking().Where(row => row.PersonId == personId).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
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
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.FaceTemplates.Where(row => row.Id == templateId).ExecuteDeleteAsync(cancellationToken) == 1;
    }
}
