namespace MediaScore.Recording;

/// <summary>A log or sealed file can't be continued or read: it was changed, or is not what its name says. Nothing was altered.</summary>
public sealed class LogDamagedException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The disk refused a write or a flush (full, failing, gone). Nothing after the last acknowledgement counts as durable; the log has to be opened again.</summary>
public sealed class LogStorageException(string message, Exception? innerException = null) : IOException(message, innerException);

/// <summary>Another process, or a later owner, holds this log.</summary>
public sealed class LogFencedException(string message) : Exception(message);
