namespace MediaScore.Recording;

/// <summary>A log that <see cref="GroupCommitter"/> makes durable.</summary>
internal interface ICommitTarget
{
    /// <summary><see cref="TimeProvider.GetTimestamp"/> of the oldest thing not yet durable; null where everything is.</summary>
    long? UnflushedSince { get; }

    /// <summary>Hands over what still gathers in memory, then flushes. Blocks; called on the committer's threads, one call at a time.</summary>
    /// <exception cref="LogStorageException">It could not be made durable.</exception>
    void Commit();
}
