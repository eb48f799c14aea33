namespace MediaScore.Codecs;

/// <summary>One native library as <c>doctor</c> shows it.</summary>
/// <param name="Name">File name as the loader looks for it: <c>libavcodec.so.59</c>.</param>
/// <param name="Usable">Present and of a tested version.</param>
/// <param name="Required">False where a managed fallback exists.</param>
/// <param name="Version">As the library itself says; null where it is absent.</param>
/// <param name="Message">One sentence: what was found, and the command that mends it.</param>
public sealed record NativeLibraryStatus(string Name, bool Usable, bool Required, string? Version, string Message);
