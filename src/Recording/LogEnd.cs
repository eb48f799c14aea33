namespace MediaScore.Recording;

/// <summary>How reading a log came to its end.</summary>
public enum LogEndKind
{
    /// <summary>After a whole record, at the end of the file.</summary>
    Complete,

    /// <summary>In the middle of the last record: the writer was stopped, or is writing it now. Everything before it is whole.</summary>
    Torn,

    /// <summary>At a record that was changed after it was written; whole records follow it.</summary>
    Damaged,
}

/// <summary>Where and why reading a log stopped.</summary>
/// <param name="Offset">Byte offset behind the last whole record.</param>
/// <param name="Reason">What is wrong there; null for <see cref="LogEndKind.Complete"/>.</param>
public readonly record struct LogEnd(LogEndKind Kind, long Offset, string? Reason = null);

/// <summary>What a writer found when it opened a log.</summary>
/// <param name="RecordCount">Whole records kept.</param>
/// <param name="TruncatedBytes">Bytes of a torn record that were cut off; 0 after a clean close.</param>
/// <param name="LastEpoch">Epoch of the last record, 0 for a new log.</param>
public readonly record struct LogRecovery(long RecordCount, long TruncatedBytes, ulong LastEpoch);
