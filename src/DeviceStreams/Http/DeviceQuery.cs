using System.Globalization;

namespace MediaScore.DeviceStreams.Http;

/// <summary>Numbers in a request's query.</summary>
internal static class DeviceQuery
{
    /// <param name="value">Null where the query does not name it.</param>
    /// <returns>False where it is no whole number within the bounds.</returns>
    public static bool TryRead(string query, string name, long min, long max, out long? value)
    {
        value = null;
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || !pair.AsSpan(0, at).Equals(name, StringComparison.Ordinal))
                continue;
            if (!long.TryParse(pair.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
                return false;
            value = number;
        }

        return true;
    }
}
