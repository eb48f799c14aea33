using System.Collections.Frozen;
using System.Text.Json;

namespace MediaScore.Web;

/// <summary>
/// The words of the pages in one language, from <c>wwwroot/texts/LANGUAGE.json</c> and, for what only one page says, <c>wwwroot/texts/PAGE.LANGUAGE.json</c>: the same files that the
/// scripts read, so that each text is in one place.
/// </summary>
public sealed class PageTexts
{
    private static readonly FrozenDictionary<string, PageTexts> ByLanguage = new[] { "en", "zh" }.ToFrozenDictionary(l => l, l => new PageTexts(l), StringComparer.Ordinal);

    private readonly FrozenDictionary<string, string> _texts;

    private PageTexts(string language)
    {
        Language = language;
        // A key that two of the files have is a fault, and shows at once.
        _texts = WebAssets.Paths
            .Where(path => path == $"texts/{language}.json" || (path.StartsWith("texts/", StringComparison.Ordinal) && path.EndsWith($".{language}.json", StringComparison.Ordinal)))
            .SelectMany(path => JsonSerializer.Deserialize<Dictionary<string, string>>(WebAssets.Read(path))!)
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary><c>en</c> or <c>zh</c>, for the page's <c>lang</c> attribute.</summary>
    public string Language { get; }

    /// <summary>Keys of all texts.</summary>
    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <exception cref="KeyNotFoundException">There is no text of that key: a fault of the page, found by the test that renders it.</exception>
    public string this[string key] => _texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"texts/{Language}.json has no '{key}'.");

    /// <summary>The texts in a language that the pages speak; English for any other.</summary>
    public static PageTexts In(string language) => ByLanguage.GetValueOrDefault(Primary(language)) ?? ByLanguage["en"];

    /// <summary>Whether the pages speak it (also for a regional tag: <c>zh-CN</c>).</summary>
    public static bool Speaks(string? language) => language is not null && ByLanguage.ContainsKey(Primary(language));

    /// <summary>The first that the pages speak of: what the address asks for, what the browser asks for, what the interview is held in.</summary>
    /// <param name="acceptLanguage">The header as it came, RFC 9110, 12.5.4; bounded by the server's header limits.</param>
    public static string Choose(string? asked, string? acceptLanguage, string interviewLanguage)
    {
        if (Speaks(asked))
            return Primary(asked!);
        var wanted = (acceptLanguage ?? "").Split(',', 20, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(range => range.Split(';', StringSplitOptions.TrimEntries))
            .Select(parts => (Language: parts[0], Weight: Weight(parts)))
            .OrderByDescending(range => range.Weight)
            .FirstOrDefault(range => range.Weight > 0 && Speaks(range.Language)).Language;
        return Primary(wanted ?? (Speaks(interviewLanguage) ? interviewLanguage : "en"));
    }

    private static double Weight(string[] parts) =>
        parts.Skip(1).FirstOrDefault(p => p.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) is { } q ? double.TryParse(q.AsSpan(2), out var weight) ? weight : 0 : 1;

    private static string Primary(string language) => language.Split('-', 2)[0].ToLowerInvariant();
}
