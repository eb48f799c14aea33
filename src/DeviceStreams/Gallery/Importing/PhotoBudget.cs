namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>What one import may still read.</summary>
internal sealed class PhotoBudget(PeopleImportOptions options)
{
    private long _left = (long)options.MaxTotalMiB << 20;

    public long MaxPhotoBytes { get; } = (long)options.MaxPhotoMiB << 20;

    /// <returns>The fault as a person reads it; null where it may be read, and then it is counted.</returns>
    public string? Take(long length)
    {
        if (length == 0)
            return "the photo is empty";
        if (length > MaxPhotoBytes)
            return $"the photo has {length / 1048576.0:0.0} MiB, more than {options.MaxPhotoMiB} (PeopleImport:MaxPhotoMiB)";
        if (length > _left)
            return $"the photos of this import have more than {options.MaxTotalMiB} MiB together (PeopleImport:MaxTotalMiB)";
        _left -= length;
        return null;
    }
}
