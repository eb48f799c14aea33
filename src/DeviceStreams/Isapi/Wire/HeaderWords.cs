using System.Text;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Words of header fields: <c>scheme name=value, name="quoted, value"</c> and <c>type; name=value</c>, with or without blanks.</summary>
internal static class HeaderWords
{
    /// <summary>A parameter of a field such as Content-Type or Content-Disposition; null where it has none of that name.</summary>
    public static string? Parameter(string field, string name)
    {
        var at = field.IndexOf(';', StringComparison.Ordinal);
        if (at < 0)
            return null;
        while (++at < field.Length)
        {
            SkipSeparators(field, ref at);
            var word = Token(field, ref at);
            var value = Value(field, ref at);
            if (string.Equals(word, name, StringComparison.OrdinalIgnoreCase))
                return value;
            // Behind the value, or at something that is no word.
            while (at < field.Length && field[at] is not (';' or ','))
                at++;
        }

        return null;
    }

    /// <summary>Challenges of all WWW-Authenticate fields, in their order: the scheme, and its parameters (names in lower case).</summary>
    public static IEnumerable<(string Scheme, IReadOnlyDictionary<string, string> Parameters)> Challenges(IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            string? scheme = null;
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            var at = 0;
            while (at < field.Length)
            {
                SkipSeparators(field, ref at);
                var word = Token(field, ref at);
                if (word.Length == 0)
                {
                    at++;
                    continue;
                }

                var equals = at;
                while (equals < field.Length && field[equals] == ' ')
                    equals++;
                if (equals < field.Length && field[equals] == '=')
                {
                    at = equals;
                    parameters.TryAdd(word, Value(field, ref at) ?? "");
                    continue;
                }

                if (scheme is not null)
                    yield return (scheme, parameters);
                (scheme, parameters) = (word, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
            }

            if (scheme is not null)
                yield return (scheme, parameters);
        }
    }

    private static void SkipSeparators(string field, ref int at)
    {
        while (at < field.Length && field[at] is ' ' or '\t' or ',' or ';')
            at++;
    }

    private static string Token(string field, ref int at)
    {
        var from = at;
        while (at < field.Length && field[at] is not (' ' or '\t' or ',' or ';' or '=' or '"'))
            at++;
        return field[from..at];
    }

    /// <summary>Where <c>=</c> stands, what it gives; also the empty one: a regular expression loses it, and Digest needs it.</summary>
    private static string? Value(string field, ref int at)
    {
        if (at >= field.Length || field[at] != '=')
            return null;
        at++;
        while (at < field.Length && field[at] == ' ')
            at++;
        if (at >= field.Length || field[at] != '"')
        {
            var from = at;
            while (at < field.Length && field[at] is not (' ' or '\t' or ',' or ';'))
                at++;
            return field[from..at];
        }

        var value = new StringBuilder();
        for (at++; at < field.Length && field[at] != '"'; at++)
        {
            if (field[at] == '\\' && at + 1 < field.Length)
                at++;
            value.Append(field[at]);
        }

        at = Math.Min(at + 1, field.Length);
        return value.ToString();
    }
}
