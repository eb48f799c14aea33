using System.Threading.Channels;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>
/// Between a stream and the disk: bounded, in order, several at once where they wait. Full means that the stream is not read on, and the device waits. A fault of the disk closes it,
/// and with it the connection: what was not stored is read from the device's log later.
/// </summary>
internal sealed class EventLane<T>(int capacity, int batchSize, Func<IReadOnlyList<T>, Task> store)
{
    private readonly Channel<T> _entries = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <exception cref="ChannelClosedException">The disk failed; the inner exception says how.</exception>
    public ValueTask AddAsync(T entry, CancellationToken cancellationToken) => _entries.Writer.WriteAsync(entry, cancellationToken);

    /// <summary>No more will come; what is there is still stored.</summary>
    public void Complete() => _entries.Writer.TryComplete();

    /// <summary>Until it is completed and empty.</summary>
    /// <exception cref="Exception">The disk's.</exception>
    public async Task RunAsync()
    {
        try
        {
            var batch = new List<T>(batchSize);
            while (await _entries.Reader.WaitToReadAsync())
            {
                while (batch.Count < batchSize && _entries.Reader.TryRead(out var entry))
                    batch.Add(entry);
                await store(batch);
                batch.Clear();
            }
        }
        catch (Exception fault)
        {
            _entries.Writer.TryComplete(fault);
            throw;
        }
    }
}
