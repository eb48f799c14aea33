using System.Security.Cryptography;
using System.Text;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>What may be written of somebody. Each gives the fault as a person reads it, or null.</summary>
public static class PersonRules
{
    private const int NumberLength = 32;

    // 128 characters of four bytes, sealed, fit the column twice.
    private const int NameLength = 128;
    private const int ConsentLength = 256;

    public static string? FaultOfTenant(string tenant) =>
        tenant is { Length: >= 1 and <= 64 } && tenant.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? null : "a tenant has 1 to 64 characters of a-z 0-9 -";

    public static string? FaultOfNumber(string number) =>
        number is { Length: >= 1 and <= NumberLength } && number.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') ? null : $"a number has 1 to {NumberLength} characters of A-Z a-z 0-9 _ . -";

    public static string? FaultOfName(string name) => FaultOfText(name, "a name", NameLength);

    public static string? FaultOfConsent(string source) =>
        string.IsNullOrWhiteSpace(source) ? "how the consent was given has to be said, for example 'paper, file 12'" : FaultOfText(source, "a consent's source", ConsentLength);

    /// <summary>What may be kept of a name that a device sends: nobody is there to correct it.</summary>
    public static string Legible(string name) =>
        string.Concat(name.EnumerateRunes().Where(rune => !Rune.IsControl(rune) && rune != Rune.ReplacementChar).Take(NameLength));

    /// <summary>For somebody new.</summary>
    public static string NewId() => "per-" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);

    private static string? FaultOfText(string text, string what, int length)
    {
        if (text.EnumerateRunes().Count() > length)
            return $"{what} has at most {length} characters";
        return text.Any(char.IsControl) || text.EnumerateRunes().Contains(Rune.ReplacementChar) ? $"{what} may not hold line breaks, control characters or characters that were lost on the way" : null;
    }
}
