using System.Diagnostics.CodeAnalysis;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>Photos in a folder and the folders in it. No link is followed: it may lead to anything that this process may read.</summary>
internal sealed class FolderPhotos(string folder, PhotoBudget budget) : IPhotoSource
{
    public bool TryRead(string name, [NotNullWhen(true)] out byte[]? photo, [NotNullWhen(false)] out string? fault)
    {
        photo = null;
        var file = Find(name, out fault);
        if (file is null)
        {
            fault ??= "there is no such photo";
            return false;
        }

        try
        {
            fault = budget.Take(file.Length);
            if (fault is null)
                photo = File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"the photo cannot be read: {e.Message}";
        }

        fault ??= photo is null ? "the photo cannot be read" : null;
        return photo is not null;
    }

    public void Dispose()
    {
    }

    private FileInfo? Find(string name, out string? fault)
    {
        fault = null;
        var path = folder;
        var parts = name.Split('/');
        foreach (var part in parts[..^1])
        {
            path = Path.Combine(path, part);
            if (new DirectoryInfo(path).LinkTarget is not null)
                fault = $"{name} lies behind a link, and links are not followed";
        }

        var file = new FileInfo(Path.Combine(path, parts[^1]));
        if (file.LinkTarget is not null)
            fault ??= $"{name} is a link, and links are not followed";
        else if (!file.Exists)
            fault ??= $"there is no photo {name} in the folder";
        return fault is null ? file : null;
    }
}
