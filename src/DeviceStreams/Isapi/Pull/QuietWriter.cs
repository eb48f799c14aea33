using MediaScore.DeviceStreams.Access;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>
/// Writes what can wait, in batches, and one batch at a time among all devices: fifty terminals that come back together and read out their whole logs never put more than one batch
/// between somebody at a door and the disk. Thread-safe.
/// </summary>
internal sealed class QuietWriter(EventJournal journal) : IDisposable
{
    /// <summary>A transaction of about 10 ms.</summary>
    public const int BatchSize = 200;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Ends when all of them are durable.</summary>
    /// <returns>How many were there already.</returns>
    public async Task<int> AppendAsync(IReadOnlyList<DeviceEventRow> events, CancellationToken cancellationToken)
    {
        var duplicates = 0;
        foreach (var batch in events.Chunk(BatchSize))
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                duplicates += await journal.AppendAsync(batch, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }

        return duplicates;
    }

    public void Dispose() => _turn.Dispose();
}
