using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.Storage.Outbox;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.Devices;

/// <summary>Stores what happened at devices, each event once, together with its entry in the outbox. Thread-safe; one transaction a call, durable on return.</summary>
public sealed class DeviceEventStore(IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider time)
{
    /// <summary>Of the outbox: what receivers subscribe to.</summary>
    public const string Topic = "device.event";

    private static readonly JsonSerializerOptions PayloadOptions = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Nobody puts it into a page as it is, and names outside ASCII stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Stores those that are not there yet (same device and <see cref="DeviceEventRow.DeduplicationKey"/>), with an outbox entry each; <see cref="DeviceEventRow.ReceivedAt"/> and ids are set here.</summary>
    /// <returns>Those that were not there.</returns>
    public async Task<IReadOnlyList<DeviceEventRow>> AppendAsync(IReadOnlyList<DeviceEventRow> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
            return [];
        var now = StoredTime.Now(time);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var known = await KnownKeysAsync(context, events, cancellationToken);
        var fresh = new List<DeviceEventRow>(events.Count);
        foreach (var happened in events)
        {
            // The set also holds what this call brings twice.
            if (!known.Add((happened.DeviceId, happened.DeduplicationKey)))
                continue;
            happened.ReceivedAt = now;
            happened.OccurredAt = StoredTime.Of(happened.OccurredAt);
            fresh.Add(happened);
        }

        context.DeviceEvents.AddRange(fresh);
        await context.SaveChangesAsync(cancellationToken);
        context.Outbox.AddRange(fresh.Select(happened => EntryOf(happened, KeyOf(happened), now)));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return fresh;
    }

    /// <summary>
    /// Changes how a decision ended that was stored just now and turned out to be too late for its door: outcome, person and reason. What receivers have not been told yet is changed too; what
    /// they may have is told them once more as it is now, with the same event id.
    /// </summary>
    /// <param name="late">With the id that storing gave it; one that is gone is passed over.</param>
    public async Task AmendAsync(DeviceEventRow late, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(late);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.DeviceEvents.FirstOrDefaultAsync(row => row.Id == late.Id, cancellationToken) is not { } stored)
            return;
        (stored.Outcome, stored.PersonNumber, stored.Reason) = (late.Outcome, late.PersonNumber, late.Reason);
        var key = KeyOf(stored);
        if (await context.Outbox.FirstOrDefaultAsync(row => row.Key == key, cancellationToken) is { DeliveredAt: null, AttemptCount: 0 } untold)
            untold.Payload = PayloadOf(stored);
        else
            context.Outbox.Add(EntryOf(stored, key + "/late", StoredTime.Now(time)));
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The latest stored first, at most <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<DeviceEventRow>> SearchAsync(DeviceEventQuery query, int count, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Matching(context, query).OrderByDescending(row => row.Id).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>All that match, in the order of storing, read as they are taken.</summary>
    public async IAsyncEnumerable<DeviceEventRow> ReadAsync(DeviceEventQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await foreach (var row in Matching(context, query).OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return row;
    }

    private static string KeyOf(DeviceEventRow happened) => string.Create(CultureInfo.InvariantCulture, $"{Topic}/{happened.Id}");

    private static string PayloadOf(DeviceEventRow happened) => JsonSerializer.Serialize(happened, PayloadOptions);

    private static OutboxRow EntryOf(DeviceEventRow happened, string key, DateTimeOffset now) =>
        new() { Tenant = happened.Tenant, Topic = Topic, Key = key, Payload = PayloadOf(happened), CreatedAt = now };

    private static IQueryable<DeviceEventRow> Matching(MediaScoreDbContext context, DeviceEventQuery query)
    {
        var rows = context.DeviceEvents.AsNoTracking().Where(row => row.Tenant == query.Tenant);
        if (query.DeviceId is { } device)
            rows = rows.Where(row => row.DeviceId == device);
        if (query.PersonNumber is { } person)
            rows = rows.Where(row => row.PersonNumber == person);
        if (query.Kind is { } kind)
            rows = rows.Where(row => row.Kind == kind);
        if (query.Outcome is { } outcome)
            rows = rows.Where(row => row.Outcome == outcome);
        if (query.From is { } from)
            rows = rows.Where(row => row.OccurredAt >= from);
        if (query.To is { } to)
            rows = rows.Where(row => row.OccurredAt < to);
        if (query.BeforeId is { } before)
            rows = rows.Where(row => row.Id < before);
        return rows;
    }

    private static async Task<HashSet<(string DeviceId, string Key)>> KnownKeysAsync(
        MediaScoreDbContext context, IReadOnlyList<DeviceEventRow> events, CancellationToken cancellationToken)
    {
        var known = new HashSet<(string, string)>();
        foreach (var device in events.GroupBy(happened => happened.DeviceId, StringComparer.Ordinal))
        {
            foreach (var keys in device.Select(happened => happened.DeduplicationKey).Distinct(StringComparer.Ordinal).Chunk(500))
            {
                var found = await context.DeviceEvents.AsNoTracking()
                    .Where(row => row.DeviceId == device.Key && keys.Contains(row.DeduplicationKey)).Select(row => row.DeduplicationKey).ToListAsync(cancellationToken);
                known.UnionWith(found.Select(key => (device.Key, key)));
            }
        }

        return known;
    }
}
