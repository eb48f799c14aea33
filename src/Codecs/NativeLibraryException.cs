namespace MediaScore.Codecs;

/// <summary>A native library is missing or of a version that was not tested. The message says which and how to mend it.</summary>
public sealed class NativeLibraryException(string message) : Exception(message);
