namespace MediaScore.DeviceStreams.Gallery;

/// <summary>The people and templates of one tenant. Thread-safe.</summary>
/// <remarks>
/// A reader-writer lock over memory that is changed in place, rather than immutable blocks that are replaced: an erased template is overwritten when the call returns, while of an
/// immutable block copies live on until the collector comes. Readers take milliseconds and do not hinder each other; a writer waits for those that are under way and holds up the next
/// ones for microseconds. So no search sees half a template.
/// </remarks>
internal sealed partial class TenantGallery : IDisposable
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly Dictionary<string, GalleryPerson> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GalleryPerson> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GalleryTemplate> _templates = new(StringComparer.Ordinal);
    private readonly List<TemplateSegment> _segments = [];

    public int TemplateCount => Read(static gallery => gallery._templates.Count);

    public int PersonCount => Read(static gallery => gallery._people.Count);

    public IReadOnlyList<string> PersonIds => Read(static gallery => gallery._people.Keys.ToList());

    public IReadOnlyList<string> TemplateIds => Read(static gallery => gallery._templates.Keys.ToList());

    /// <summary>For benches and tests that look at the memory itself.</summary>
    internal IReadOnlyList<TemplateSegment> Segments => Read(static gallery => gallery._segments.ToList());

    public void Dispose() => _gate.Dispose();

    public KnownPerson? Find(string number)
    {
        _gate.EnterReadLock();
        try
        {
            return _byNumber.GetValueOrDefault(number)?.Known;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public int CountOf(string personId)
    {
        _gate.EnterReadLock();
        try
        {
            return _people.GetValueOrDefault(personId)?.Templates.Count ?? 0;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Takes somebody in, or what is new about them.</summary>
    public void Set(KnownPerson known) => Write(() =>
    {
        if (!_people.TryGetValue(known.Id, out var person))
        {
            _people[known.Id] = person = new GalleryPerson(known);
        }
        else
        {
            _byNumber.Remove(person.Known.Number);
            person.Known = known;
        }

        _byNumber[known.Number] = person;
        return true;
    });

    /// <returns>False where the person is not known, or the template is there already.</returns>
    public bool Add(string personId, string templateId, ReadOnlyMemory<float> embedding) => Write(() =>
    {
        if (!_people.TryGetValue(personId, out var person) || _templates.ContainsKey(templateId))
            return false;
        var template = new GalleryTemplate(templateId, person) { Slot = _templates.Count };
        if (template.Slot == _segments.Count * TemplateSegment.Capacity)
            _segments.Add(new TemplateSegment());
        SegmentOf(template.Slot).Set(IndexOf(template.Slot), template, embedding.Span);
        person.Templates.Add(template);
        _templates[templateId] = template;
        return true;
    });

    /// <summary>Overwrites it.</summary>
    public bool Remove(string templateId) => Write(() =>
    {
        if (!_templates.TryGetValue(templateId, out var template))
            return false;
        Erase(template);
        return true;
    });

    /// <summary>Overwrites a person's templates.</summary>
    /// <returns>How many.</returns>
    public int RemoveTemplatesOf(string personId) => Write(() => _people.TryGetValue(personId, out var person) ? EraseAll(person) : 0);

    /// <summary>Overwrites a person's templates and forgets the person.</summary>
    /// <returns>Templates that went.</returns>
    public int RemovePerson(string personId) => Write(() =>
    {
        if (!_people.Remove(personId, out var person))
            return 0;
        // Another may have taken the number meanwhile.
        if (_byNumber.TryGetValue(person.Known.Number, out var holder) && ReferenceEquals(holder, person))
            _byNumber.Remove(person.Known.Number);
        return EraseAll(person);
    });

    private static int IndexOf(int slot) => slot % TemplateSegment.Capacity;

    private TemplateSegment SegmentOf(int slot) => _segments[slot / TemplateSegment.Capacity];

    private int EraseAll(GalleryPerson person)
    {
        var count = person.Templates.Count;
        while (person.Templates is [.., var last])
            Erase(last);
        return count;
    }

    /// <summary>The last template takes the place of the one that goes, so that there are never holes.</summary>
    private void Erase(GalleryTemplate template)
    {
        var lastSlot = _templates.Count - 1;
        if (template.Slot != lastSlot)
        {
            var last = SegmentOf(lastSlot).Owner(IndexOf(lastSlot));
            SegmentOf(template.Slot).Set(IndexOf(template.Slot), last, SegmentOf(lastSlot).Embedding(IndexOf(lastSlot)));
            last.Slot = template.Slot;
        }

        SegmentOf(lastSlot).Erase(IndexOf(lastSlot));
        if (IndexOf(lastSlot) == 0)
            _segments.RemoveAt(_segments.Count - 1);
        template.Person.Templates.Remove(template);
        _templates.Remove(template.Id);
    }

    private T Read<T>(Func<TenantGallery, T> read)
    {
        _gate.EnterReadLock();
        try
        {
            return read(this);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private T Write<T>(Func<T> write)
    {
        _gate.EnterWriteLock();
        try
        {
            return write();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
