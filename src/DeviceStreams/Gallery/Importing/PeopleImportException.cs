namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>A table or its photos cannot be used as a whole. The message says which, why, and what to do; nothing was imported.</summary>
public sealed class PeopleImportException(string message, Exception? innerException = null) : Exception(message, innerException);
