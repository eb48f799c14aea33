namespace MediaScore.Keys;

/// <summary>The master key cannot be used. The message says which source, what is wrong and what mends it; it never holds key bytes.</summary>
public sealed class MasterKeyException(string message, Exception? innerException = null) : Exception(message, innerException);
