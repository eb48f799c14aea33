using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MediaScore.DeviceStreams.Access;

/// <summary>Names of pictures: <c>20261126-</c>, the day (UTC) on which it was kept, and 32 characters that follow from whose picture it is.</summary>
internal static class PictureName
{
    private const string DayFormat = "yyyyMMdd";
    private const int DayLength = 8;
    private const int FileLength = 32;

    public static string DayOf(DateTimeOffset time) => time.UtcDateTime.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <summary>The day of a folder, or null where it is none of ours.</summary>
    public static DateTimeOffset? ParseDay(string folder) =>
        DateTimeOffset.TryParseExact(folder, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day) ? day : null;

    /// <summary>The file's name in its day's folder: the same for the same picture, whenever it comes.</summary>
    public static string FileOf(string tenant, string deviceId, string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\0{deviceId}\0{key}")).AsSpan(0, FileLength / 2));

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    public static string Of(string day, string file) => $"{day}-{file}";

    /// <summary>Names come from outside too, and become paths: whatever is not exactly one of ours is none.</summary>
    public static bool TryParse(string? name, [NotNullWhen(true)] out string? day, [NotNullWhen(true)] out string? file)
    {
        (day, file) = (null, null);
        if (name is not { Length: DayLength + 1 + FileLength } || name[DayLength] != '-')
            return false;
        if (name.AsSpan(0, DayLength).ContainsAnyExceptInRange('0', '9') || name.AsSpan(DayLength + 1).ContainsAnyExcept(HexDigits))
            return false;
        (day, file) = (name[..DayLength], name[(DayLength + 1)..]);
        return true;
    }
}
