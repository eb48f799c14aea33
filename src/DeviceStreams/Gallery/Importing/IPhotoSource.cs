using System.Diagnostics.CodeAnalysis;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>Where the photos of an import lie. One caller at a time.</summary>
internal interface IPhotoSource : IDisposable
{
    /// <param name="name">As <see cref="PhotoName"/> gives it.</param>
    /// <param name="fault">As a person reads it.</param>
    bool TryRead(string name, [NotNullWhen(true)] out byte[]? photo, [NotNullWhen(false)] out string? fault);
}
