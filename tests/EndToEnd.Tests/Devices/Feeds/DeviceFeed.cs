using MediaScore.Storage.Devices;

namespace MediaScore.EndToEnd.Tests.Devices.Feeds;

/// <summary>A simulated device at which things happen, whether or not the server lives.</summary>
/// <param name="serial">As the server knows it.</param>
internal abstract class DeviceFeed(string serial) : IAsyncDisposable
{
    // A real device has more patience; whoever waits for a test has less.
    protected static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);
    protected static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(200);

    public string Serial => serial;

    /// <summary>Things that happened so far, each another one.</summary>
    public abstract long HappenedCount { get; }

    /// <summary>What the server said was stored, and asked for again afterwards.</summary>
    public virtual long LostAcknowledgedCount => 0;

    /// <summary>Goes on until <paramref name="over"/> has ended, and then, where its protocol says so, until it was told that all is stored.</summary>
    public abstract Task RunAsync(Task over, CancellationToken cancellation);

    /// <summary>One of the things that happened here, and nothing that the device or the server says about itself.</summary>
    public abstract bool IsOurs(DeviceEventRow row);

    /// <summary>What makes two rows the same thing, beside what the server makes of it.</summary>
    public virtual string KeyOf(DeviceEventRow row) => row.DeduplicationKey;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
