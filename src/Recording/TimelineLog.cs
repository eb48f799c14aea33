using System.Buffers;
using MediaScore.Keys;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Recording;

/// <summary>
/// The only writer of one interview's timeline (docs/formats/timeline.md). Durable before visible: an observation is flushed to disk, then subscribers are told,
/// in order of sequence, then its appender goes on. Thread-safe.
/// </summary>
public sealed partial class TimelineLog : IAsyncDisposable, ICommitTarget
{
    private readonly Lock _gate = new();
    private readonly Lock _publishing = new();
    private readonly GroupCommitter _committer;
    private readonly ILogger _logger;
    private readonly SealedLog _log;
    private readonly List<TimelineEntry> _recovered = [];
    private readonly List<SkippedRecord> _skipped = [];

    /// <summary>Appended, not yet told. Bounded by what one flush waits for: each appender waits for its own.</summary>
    private readonly Queue<TimelineEntry> _pending = new();
    private Subscription[] _subscriptions = [];
    private long _durableCount;
    private long? _unflushedSince;
    private bool _closed;

    private TimelineLog(ILogFiles files, InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer, ILogger? logger)
    {
        _committer = committer;
        _logger = logger ?? NullLogger.Instance;
        Epoch = ownershipEpoch;
        _log = SealedLog.Open(files, folder, folder.TimelinePath, LogContent.Timeline, key, ownershipEpoch, TakeOver);
        _durableCount = (long)_log.NextSequence;
        committer.Register(this);
    }

    /// <summary>What was found at opening.</summary>
    public LogRecovery Recovery => _log.Recovery;

    /// <summary>The entries found at opening, in order.</summary>
    public IReadOnlyList<TimelineEntry> Recovered => _recovered;

    /// <summary>Records found at opening that this version can't read; they stay in the file.</summary>
    public IReadOnlyList<SkippedRecord> Skipped => _skipped;

    /// <summary>The epoch written into every record.</summary>
    public ulong Epoch { get; }

    long? ICommitTarget.UnflushedSince
    {
        get
        {
            lock (_gate)
                return _log.Fault is null ? _unflushedSince : null;
        }
    }

    /// <summary>Opens the timeline, or makes a new one; cuts off a torn tail and reads what is there.</summary>
    /// <param name="key">Used during the call only; the caller keeps it.</param>
    /// <exception cref="LogDamagedException">A record in the middle was changed, or the key is another one.</exception>
    /// <exception cref="LogFencedException">A later owner wrote to it, or another process has it open.</exception>
    /// <exception cref="LogStorageException">The disk refused it.</exception>
    public static ValueTask<TimelineLog> OpenAsync(
        InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer, ILogger<TimelineLog>? logger = null,
        CancellationToken cancellationToken = default) =>
        OpenAsync(PhysicalLogFiles.Instance, folder, key, ownershipEpoch, committer, logger, cancellationToken);

    internal static async ValueTask<TimelineLog> OpenAsync(
        ILogFiles files, InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer, ILogger? logger, CancellationToken cancellationToken) =>
        await Task.Run(() => new TimelineLog(files, folder, key, ownershipEpoch, committer, logger), cancellationToken);

    /// <summary>Completes when the observation is durable and subscribers were told; returns its sequence number.</summary>
    /// <exception cref="ArgumentException">The observation can't be written, see <see cref="ObservationSerializer.Write"/>.</exception>
    /// <exception cref="LogStorageException">It could not be made durable; nobody was told.</exception>
    public async ValueTask<long> AppendAsync(Observation observation)
    {
        var json = ObservationSerializer.Write(observation);
        long sequence;
        lock (_gate)
            sequence = WriteRecord(observation, json);
        await _committer.CommitAsync(this);
        Publish();
        return sequence;
    }

    /// <summary>The same for several, in one flush. After a power cut a beginning of them may be there.</summary>
    public async ValueTask AppendManyAsync(IReadOnlyList<Observation> observations)
    {
        if (observations.Count == 0)
            return;
        // All are made before any is written: one that can't be written leaves nothing behind.
        var records = observations.Select(ObservationSerializer.Write).ToArray();
        lock (_gate)
        {
            for (var i = 0; i < records.Length; i++)
                WriteRecord(observations[i], records[i]);
        }

        await _committer.CommitAsync(this);
        Publish();
    }

    /// <summary>Every entry that becomes durable from now on, in order. <paramref name="told"/> must return fast and not block: the log's appenders wait for it.</summary>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable Subscribe(Action<TimelineEntry> told)
    {
        var subscription = new Subscription(this, told);
        lock (_publishing)
            _subscriptions = [.. _subscriptions, subscription];
        return subscription;
    }

    void ICommitTarget.Commit()
    {
        long count;
        lock (_gate)
        {
            count = (long)_log.NextSequence;
            _unflushedSince = null;
        }

        _log.Flush();
        Interlocked.Exchange(ref _durableCount, count);
    }

    /// <summary>Flushes, tells subscribers what they were not told yet, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        await _committer.CommitAsync(this).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Publish();
        _committer.Unregister(this);
        _log.Dispose();
    }

    private long WriteRecord(Observation observation, byte[] json)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var size = LogRecordHeader.SizeInBytes + json.Length + LogRecordHeader.TagBytes;
        if (size - LogRecordHeader.SizeInBytes > LogRecordHeader.MaxBodyBytes)
            throw new ArgumentException($"An observation of {json.Length} bytes is over the limit of {LogRecordHeader.MaxBodyBytes}.", nameof(observation));
        var now = _committer.TimeProvider.GetUtcNow();
        var microseconds = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var sequence = _log.NextSequence;
        var record = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            json.CopyTo(record, LogRecordHeader.SizeInBytes);
            _log.Append(record.AsSpan(0, size), microseconds, lastStamp: 0, flags: 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record, clearArray: _log.Fault is not null);
        }

        _pending.Enqueue(new TimelineEntry(sequence, Epoch, ToWallClock(microseconds), observation));
        _unflushedSince ??= _committer.TimeProvider.GetTimestamp();
        return (long)sequence;
    }

    /// <summary>Tells subscribers everything durable that they were not told yet. Whichever appender comes first tells for all before it, so the order holds.</summary>
    private void Publish()
    {
        lock (_publishing)
        {
            while (true)
            {
                TimelineEntry? entry;
                lock (_gate)
                {
                    if (!_pending.TryPeek(out entry) || (long)entry.Sequence >= Interlocked.Read(ref _durableCount))
                        return;
                    _pending.Dequeue();
                }

                foreach (var subscription in _subscriptions)
                    subscription.Tell(entry);
            }
        }
    }

    private void TakeOver(LogRecordHeader header, ReadOnlyMemory<byte> body)
    {
        if (ObservationSerializer.TryRead(body.Span, out var observation, out var reason))
            _recovered.Add(new TimelineEntry(header.Sequence, header.Epoch, ToWallClock(header.FirstStamp), observation));
        else
            _skipped.Add(new SkippedRecord(header.Sequence, reason));
    }

    internal static DateTimeOffset ToWallClock(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    [LoggerMessage(1, LogLevel.Error, "A subscriber of the timeline failed on record {Sequence}: {Fault}")]
    private static partial void LogSubscriberFailed(ILogger logger, ulong sequence, string fault);

    private sealed class Subscription(TimelineLog log, Action<TimelineEntry> told) : IDisposable
    {
        public void Tell(TimelineEntry entry)
        {
            try
            {
                told(entry);
            }
            catch (Exception fault)
            {
                // The record is durable; a listener's fault is neither the appender's nor the other listeners'.
                LogSubscriberFailed(log._logger, entry.Sequence, fault.GetType().Name);
            }
        }

        public void Dispose()
        {
            lock (log._publishing)
                log._subscriptions = [.. log._subscriptions.Where(subscription => subscription != this)];
        }
    }
}
