using System.Collections.Concurrent;
using MediaScore.DeviceStreams.Access;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>Pictures by the name that they got.</summary>
internal sealed class MemoryPictures : IEventPictures
{
    public bool Fails { get; set; }

    public ConcurrentDictionary<string, byte[]> Kept { get; } = new(StringComparer.Ordinal);

    public Task<string?> KeepAsync(string tenant, string deviceId, string key, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        if (Fails)
            throw new IOException("No space left on device.");
        var name = $"pic-{(uint)$"{deviceId}/{key}".GetHashCode(StringComparison.Ordinal)}";
        Kept[name] = picture.ToArray();
        return Task.FromResult<string?>(name);
    }

    public Task<byte[]?> ReadAsync(string tenant, string name, CancellationToken cancellationToken) => Task.FromResult(Kept.GetValueOrDefault(name));
}
