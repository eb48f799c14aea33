using System.Diagnostics.CodeAnalysis;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>The name of a photo as tables and archives write it, made safe: relative, with slashes, and never a way out.</summary>
internal static class PhotoName
{
    private const int Length = 512;

    /// <param name="fault">As a person reads it.</param>
    public static bool TryRead(string written, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? fault)
    {
        name = null;
        var slashed = written.Replace('\\', '/');
        var parts = slashed.Split('/').Where(part => part is not ("" or ".")).ToArray();
        if (written.Length > Length || written.Any(char.IsControl) || parts.Length == 0)
            fault = $"a photo's name has 1 to {Length} characters and no control characters among them";
        else if (slashed.StartsWith('/') || parts.Contains("..") || parts[0].Contains(':'))
            fault = "the photo's name leads out of the folder; name it relative to it, without '..'";
        else
            (name, fault) = (string.Join('/', parts), null);
        return name is not null;
    }
}
