using System.Threading.Channels;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Access;

/// <summary>
/// Stores what devices report. All that ask at once share a transaction; whoever asked is answered when it is on the disk, and only then may a device be told that it is
/// safe, or a door be opened. Thread-safe. Dispose it after those who write.
/// </summary>
public sealed class EventJournal : IAsyncDisposable
{
    // Half a thousand terminals that come back at once; more wait in their own connections.
    private const int QueuedRequests = 512;

    // A transaction of some ten milliseconds: who opens a door waits for no one's backlog.
    private const int EventsAtOnce = 2_000;

    private readonly DeviceEventStore _store;
    private readonly Channel<Request> _requests = Channel.CreateBounded<Request>(new BoundedChannelOptions(QueuedRequests) { SingleReader = true });
    private readonly Task _loop;

    public EventJournal(DeviceEventStore store)
    {
        _store = store;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>What was stored just now, in order; on the journal's own loop, so be quick and never throw.</summary>
    public event Action<IReadOnlyList<DeviceEventRow>>? Stored;

    /// <summary>Ends when all of these are durable. Those that were there already are counted, not stored again.</summary>
    /// <param name="events">Owned by the journal from now on.</param>
    /// <returns>How many were there already.</returns>
    /// <exception cref="Exception">The database's; nothing of <paramref name="events"/> was stored, and the device should send it again.</exception>
    public async Task<int> AppendAsync(IReadOnlyList<DeviceEventRow> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        var request = new Request(events, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _requests.Writer.WriteAsync(request, cancellationToken);
        return await request.Answer.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var together = new List<Request>();
        while (await _requests.Reader.WaitToReadAsync())
        {
            var count = 0;
            while (count < EventsAtOnce && _requests.Reader.TryRead(out var request))
            {
                together.Add(request);
                count += request.Events.Count;
            }

            await StoreAsync(together);
            together.Clear();
        }
    }

    private async Task StoreAsync(List<Request> together)
    {
        try
        {
            var appended = await _store.AppendAsync([.. together.SelectMany(request => request.Events)]);
            var stored = appended.Stored.ToHashSet();
            foreach (var request in together)
                request.Answer.TrySetResult(request.Events.Count(happened => !stored.Contains(happened)));
            if (appended.Stored.Count > 0)
                Stored?.Invoke(appended.Stored);
        }
        catch (Exception) when (together.Count > 1)
        {
            // One of them may be to blame: each by itself, so that no device's bad event is another's.
            foreach (var request in together)
                await StoreAsync([request]);
        }
        catch (Exception fault)
        {
            together[0].Answer.TrySetException(fault);
        }
    }

    private readonly record struct Request(IReadOnlyList<DeviceEventRow> Events, TaskCompletionSource<int> Answer);
}
