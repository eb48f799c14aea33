using System.Diagnostics.CodeAnalysis;

namespace MediaScore.Assessment.Plans;

/// <summary>One text in the languages of its plan.</summary>
/// <param name="ByLanguage">BCP 47 primary subtag (<c>en</c>, <c>zh</c>) to text; never empty. The parser makes sure that every language of the plan is there.</param>
public sealed record LocalizedText(IReadOnlyDictionary<string, string> ByLanguage)
{
    /// <summary>The text in <paramref name="language"/> (also for a regional tag: <c>zh-CN</c> finds <c>zh</c>), else in the plan's first language that has one.</summary>
    public string In(string language) => TryIn(language, out var text) ? text : ByLanguage.OrderBy(t => t.Key, StringComparer.Ordinal).First().Value;

    /// <summary>Never falls back: a text in another language is no text for an encoder.</summary>
    public bool TryIn(string language, [NotNullWhen(true)] out string? text)
    {
        var hyphen = language.IndexOf('-', StringComparison.Ordinal);
        return ByLanguage.TryGetValue(language, out text) || (hyphen > 0 && ByLanguage.TryGetValue(language[..hyphen], out text));
    }
}
