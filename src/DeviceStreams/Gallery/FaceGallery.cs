using System.Collections.Concurrent;
using MediaScore.Keys;
using MediaScore.Perception.Vision;
using MediaScore.Storage.People;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>
/// Everybody whom doors may know, and their faces, in memory. It follows the store: what this process changes is here before the change's call returns, what another process changes
/// when <see cref="CatchUpAsync"/> is called next (<see cref="GalleryWatch"/> does it every few seconds). Thread-safe.
/// </summary>
public sealed partial class FaceGallery : IDisposable
{
    private readonly ConcurrentDictionary<string, TenantGallery> _tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TemplateFault> _skipped = new(StringComparer.Ordinal);
    private readonly Lock _roomGate = new();
    private readonly PersonStore? _people;
    private readonly TenantKeys? _keys;
    private readonly Func<ModelIdentity?> _embedder;
    private readonly GalleryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GalleryMeter _meter;
    private ModelIdentity? _model;
    private long _revision = -1;
    private int _templateCount;

    /// <param name="embedder">Whose templates can be compared; null while that model is not prepared: then nobody is recognised.</param>
    public FaceGallery(PersonStore people, TenantKeys keys, Func<ModelIdentity?> embedder, GalleryOptions options, TimeProvider time, ILogger<FaceGallery> logger)
        : this(options, time, embedder, logger)
    {
        ArgumentNullException.ThrowIfNull(people);
        (_people, _keys) = (people, keys);
        people.Changed += Follow;
    }

    /// <summary>Without a database behind it.</summary>
    internal FaceGallery(GalleryOptions options, TimeProvider time)
        : this(options, time, static () => null, NullLogger.Instance)
    {
    }

    private FaceGallery(GalleryOptions options, TimeProvider time, Func<ModelIdentity?> embedder, ILogger logger)
    {
        (_options, _time, _embedder, _logger) = (options, time, embedder, logger);
        _meter = new GalleryMeter(this, () => Content);
    }

    /// <summary>What is in memory, and what could not be taken in.</summary>
    public GalleryContent Content
    {
        get
        {
            var faults = _skipped.Values.ToList();
            return new GalleryContent(
                _tenants.Values.Sum(tenant => tenant.PersonCount), Volatile.Read(ref _templateCount),
                faults.Count(fault => fault == TemplateFault.OtherModel), faults.Count(fault => fault == TemplateFault.Unreadable), faults.Count(fault => fault == TemplateFault.NoRoom));
        }
    }

    /// <summary>There is no room for one more template.</summary>
    public bool IsFull => Volatile.Read(ref _templateCount) >= _options.MaxTemplates;

    /// <summary>The state of the store that is in memory.</summary>
    internal long Revision => Interlocked.Read(ref _revision);

    internal GalleryMeter Meter => _meter;

    /// <summary>Reads everybody and all templates. Once, before the first face; some 100,000 templates take seconds.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_people is null)
            return;
        var revision = await _people.RevisionAsync(cancellationToken);
        _model = _embedder();
        foreach (var person in await _people.ListAsync(cancellationToken: cancellationToken))
            Tenant(person.Tenant).Set(Known(person));
        await foreach (var (template, _) in _people.ReadTemplatesAsync(cancellationToken))
            Admit(template);
        Interlocked.Exchange(ref _revision, revision);
        // What changed while it was read.
        await CatchUpAsync(cancellationToken);
        LogContent(Content);
    }

    /// <summary>Takes in what other processes changed since it was last called; nearly free where nothing did.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        if (_people is null)
            return;
        var model = _embedder();
        var known = model == _model ? Revision : -1;
        var erasedCount = 0;
        await _people.VisitChangesAsync(known, async snapshot => erasedCount = await TakeOverAsync(snapshot, model, cancellationToken), cancellationToken);
        if (erasedCount > 0)
            await _people.EmptyLogAsync(cancellationToken);
    }

    /// <summary>Who of the tenant's people this face is nearest to.</summary>
    /// <param name="embedding">512 values of unit length.</param>
    /// <returns>The best of all, however small its similarity, which is exact; null where the tenant has no templates.</returns>
    /// <exception cref="ArgumentException">It is no embedding.</exception>
    public GalleryMatch? Identify(string tenant, ReadOnlySpan<float> embedding) => Search(tenant, embedding, [], out _);

    /// <summary>How near this face is to one person's.</summary>
    /// <param name="embedding">512 values of unit length.</param>
    /// <returns>The best of this person's templates; null where there is none.</returns>
    /// <exception cref="ArgumentException">It is no embedding.</exception>
    public GalleryMatch? Verify(string tenant, string personNumber, ReadOnlySpan<float> embedding)
    {
        EmbeddingCode.ThrowIfNone(embedding);
        return _tenants.TryGetValue(tenant, out var gallery) ? gallery.Verify(personNumber, embedding) : null;
    }

    /// <summary>The tenant's person with this number, with or without templates; null where there is none.</summary>
    public KnownPerson? Find(string tenant, string personNumber) => _tenants.TryGetValue(tenant, out var gallery) ? gallery.Find(personNumber) : null;

    public void Dispose()
    {
        if (_people is not null)
            _people.Changed -= Follow;
        _meter.Dispose();
        foreach (var tenant in _tenants.Values)
            tenant.Dispose();
    }

    /// <param name="exceptPersonIds">Whose templates do not count.</param>
    /// <param name="exactCount">Templates that were compared exactly.</param>
    internal GalleryMatch? Search(string tenant, ReadOnlySpan<float> embedding, ReadOnlySpan<string> exceptPersonIds, out int exactCount)
    {
        EmbeddingCode.ThrowIfNone(embedding);
        exactCount = 0;
        if (!_tenants.TryGetValue(tenant, out var gallery))
            return null;
        var begun = _time.GetTimestamp();
        var match = gallery.Search(embedding, exceptPersonIds, out exactCount);
        _meter.SearchTime.Record(_time.GetElapsedTime(begun).TotalSeconds);
        _meter.ExactCount.Record(exactCount);
        return match;
    }

    internal int CountOf(string tenant, string personId) => _tenants.TryGetValue(tenant, out var gallery) ? gallery.CountOf(personId) : 0;

    internal TenantGallery Tenant(string tenant) => _tenants.GetOrAdd(tenant, static _ => new TenantGallery());

    /// <summary>Takes a template in where there is room.</summary>
    internal bool Add(string tenant, string personId, string templateId, ReadOnlyMemory<float> embedding)
    {
        EmbeddingCode.ThrowIfNone(embedding.Span);
        lock (_roomGate)
        {
            if (IsFull || !Tenant(tenant).Add(personId, templateId, embedding))
                return false;
            Interlocked.Increment(ref _templateCount);
            return true;
        }
    }

    /// <summary>Overwrites a template.</summary>
    internal bool Remove(string tenant, string templateId)
    {
        if (!Tenant(tenant).Remove(templateId))
            return false;
        Interlocked.Decrement(ref _templateCount);
        return true;
    }
}
