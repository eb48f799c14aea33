namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Somebody in memory, under the lock of the tenant's gallery.</summary>
internal sealed class GalleryPerson(KnownPerson known)
{
    /// <summary>Replaced as a whole when it changes.</summary>
    public KnownPerson Known { get; set; } = known;

    public List<GalleryTemplate> Templates { get; } = [];
}

/// <summary>One template in memory, under the same lock.</summary>
internal sealed class GalleryTemplate(string id, GalleryPerson person)
{
    public string Id { get; } = id;

    public GalleryPerson Person { get; } = person;

    /// <summary>Where it lies; the last one moves when another goes.</summary>
    public int Slot { get; set; }
}
