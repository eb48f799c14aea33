using MediaScore.Keys;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging;

namespace MediaScore.Recording;

/// <summary>
/// The only writer of one interview's timeline (docs/formats/timeline.md). Durable before visible: an observation is flushed to disk, then its appender goes
/// on and subscribers are told, in order of sequence. Thread-safe.
/// </summary>
public sealed class TimelineLog : IAsyncDisposable
{
    /// <summary>Opens the timeline, or makes a new one; cuts off a torn tail and reads what is there.</summary>
    /// <param name="key">Used during the call only; the caller keeps it.</param>
    /// <exception cref="LogDamagedException">A record in the middle was changed, or the key is another one.</exception>
    /// <exception cref="LogFencedException">A later owner wrote to it, or another process has it open.</exception>
    public static ValueTask<TimelineLog> OpenAsync(
        InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer, ILogger<TimelineLog>? logger = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException("The timeline is being built.");

    /// <summary>What was found at opening.</summary>
    public LogRecovery Recovery { get; }

    /// <summary>The entries found at opening, in order.</summary>
    public IReadOnlyList<TimelineEntry> Recovered => throw new NotSupportedException("The timeline is being built.");

    /// <summary>Completes when the observation is durable and subscribers were told; returns its sequence number.</summary>
    /// <exception cref="LogStorageException">It could not be made durable; nobody was told.</exception>
    public ValueTask<long> AppendAsync(Observation observation) => throw new NotSupportedException("The timeline is being built.");

    /// <summary>The same for several, in one flush. After a power cut a beginning of them may be there.</summary>
    public ValueTask AppendManyAsync(IReadOnlyList<Observation> observations) => throw new NotSupportedException("The timeline is being built.");

    /// <summary>Every entry durable from now on, in order. <paramref name="told"/> must return fast and not block: the log's appenders wait for it.</summary>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable Subscribe(Action<TimelineEntry> told) => throw new NotSupportedException("The timeline is being built.");

    /// <summary>Flushes and closes.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException("The timeline is being built.");
}
