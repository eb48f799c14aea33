namespace MediaScore.DeviceStreams.Access;

/// <summary>Keeps the pictures that devices send with events: sealed with the tenant's key, for <c>Devices:KeepPicturesDays</c>. Thread-safe.</summary>
public interface IEventPictures
{
    /// <summary>Seals and stores a picture; durable on return, so that an event may name it.</summary>
    /// <param name="key">What makes it the same picture when the device sends it again; of one device. A second call with it stores nothing and returns the same name.</param>
    /// <param name="picture">A JPEG as it came, unchecked but for its first bytes; the caller's again on return.</param>
    /// <returns>
    /// The name for <c>DeviceEventRow.Picture</c>, at most 64 characters; null where it is not kept: switched off, no JPEG, too large, or no room. An event is stored without its
    /// picture then.
    /// </returns>
    Task<string?> KeepAsync(string tenant, string deviceId, string key, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken);

    /// <returns>The JPEG; null where this tenant has none of that name, or no longer.</returns>
    Task<byte[]?> ReadAsync(string tenant, string name, CancellationToken cancellationToken);
}
