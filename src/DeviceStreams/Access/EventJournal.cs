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

    // Decisions that are on the disk as they were before they turned out to be too late: more than those of one transaction only while the disk fails. The loop's alone.
    private readonly List<DeviceEventRow> _owed = [];
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
        return (await SendAsync(new Request(events, null), cancellationToken)).GetValueOrDefault();
    }

    /// <summary>
    /// Stores a decision that somebody waits for: as it is where it is on the disk in time, and as too late otherwise. One record is left in either case, and it says what the door was told: what
    /// the disk took too late, or just when its door had given up, is changed before anybody else hears of it.
    /// </summary>
    /// <param name="decision">Owned by the journal from now on.</param>
    /// <param name="makeLate">Turns it into the record of one that came too late.</param>
    /// <returns>How many were there already, none or one; null where it is too late: then tell nobody that a door opens.</returns>
    /// <exception cref="Exception">The database's; nothing was stored.</exception>
    /// <exception cref="OperationCanceledException">Whoever asked went away: it is stored as too late, unless it was stored before.</exception>
    public async Task<int?> AppendInTimeAsync(DeviceEventRow decision, DateTimeOffset due, Action<DeviceEventRow> makeLate, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        var patience = new Patience(due, makeLate, time);
        var left = due - time.GetUtcNow();
        // Begins before the decision is on its way.
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var storing = SendAsync(new Request([decision], patience), cancellationToken);
        try
        {
            return await storing.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (storing.IsCompleted || !patience.TryGiveUp())
                return await storing;
            // Not awaited to the end: the disk may be what is late.
            _ = ObserveAsync(storing);
            return null;
        }
        catch (OperationCanceledException)
        {
            patience.TryGiveUp();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _loop;
    }

    private static async Task ObserveAsync(Task storing) => await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<int?> SendAsync(Request request, CancellationToken cancellationToken)
    {
        await _requests.Writer.WriteAsync(request, cancellationToken);
        return await request.Answer.Task.WaitAsync(cancellationToken);
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

            await AmendAsync();
            await StoreAsync(together);
            together.Clear();
        }

        await AmendAsync();
    }

    private async Task StoreAsync(List<Request> together)
    {
        IReadOnlyList<DeviceEventRow> appended;
        try
        {
            foreach (var request in together)
                request.MarkIfLate();
            appended = await _store.AppendAsync([.. together.SelectMany(request => request.Events)]);
        }
        catch (Exception) when (together.Count > 1)
        {
            // One of them may be to blame: each by itself, so that no device's bad event is another's.
            foreach (var request in together)
                await StoreAsync([request]);
            return;
        }
        catch (Exception fault)
        {
            together[0].Answer.TrySetException(fault);
            return;
        }

        var stored = appended.ToHashSet();
        // What came too late is nothing that anybody should hear of, and a door that waits no more can wait until it is put right; the others are told first.
        foreach (var request in together)
        {
            if (request.EndsInTime())
                request.Answer.TrySetResult(request.Events.Count(happened => !stored.Contains(happened)));
            else if (request.MarkIfLate() && stored.Contains(request.Events[0]))
                _owed.Add(request.Events[0]);
        }

        await AmendAsync();
        foreach (var request in together)
            request.Answer.TrySetResult(null);
        if (appended.Count > 0)
            Stored?.Invoke(appended);
    }

    /// <summary>What cannot be put right now is tried again before the next request, and at the end.</summary>
    private async Task AmendAsync()
    {
        while (_owed.Count > 0)
        {
            try
            {
                await _store.AmendAsync(_owed[0]);
                _owed.RemoveAt(0);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                return;
            }
        }
    }

    private sealed class Request(IReadOnlyList<DeviceEventRow> events, Patience? patience)
    {
        private bool _isLate;

        public IReadOnlyList<DeviceEventRow> Events => events;

        /// <summary>How many were there already; null: stored too late.</summary>
        public TaskCompletionSource<int?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>It is on the disk.</summary>
        /// <returns>False where it is something else than it was to be.</returns>
        public bool EndsInTime() => patience is null || (!_isLate && patience.TryKeep());

        /// <returns>Whether this changed it.</returns>
        public bool MarkIfLate()
        {
            if (_isLate || patience is null || !patience.IsOver)
                return false;
            patience.MakeLate(events[0]);
            return _isLate = true;
        }
    }

    /// <summary>How long a decision may take. Whether it came in time is said once: by the disk or by who waits, whoever is first.</summary>
    private sealed class Patience(DateTimeOffset due, Action<DeviceEventRow> makeLate, TimeProvider time)
    {
        private const int Open = 0;
        private const int InTime = 1;
        private const int Late = 2;

        private int _verdict;

        public bool IsOver => Volatile.Read(ref _verdict) == Late || (time.GetUtcNow() >= due && TryGiveUp());

        public void MakeLate(DeviceEventRow decision) => makeLate(decision);

        /// <returns>False where it is too late.</returns>
        public bool TryKeep() => !IsOver && Interlocked.CompareExchange(ref _verdict, InTime, Open) != Late;

        /// <returns>False where it was stored in time.</returns>
        public bool TryGiveUp() => Interlocked.CompareExchange(ref _verdict, Late, Open) != InTime;
    }
}
