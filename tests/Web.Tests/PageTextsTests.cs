using System.Text;
using System.Text.RegularExpressions;

namespace MediaScore.Web.Tests;

/// <summary>Two languages, one set of texts: none is missing, none is left over, none names a place that the other does not fill.</summary>
public sealed partial class PageTextsTests
{
    private static readonly PageTexts English = PageTexts.In("en");
    private static readonly PageTexts Chinese = PageTexts.In("zh");

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public void No_two_files_of_a_language_have_a_text_of_one_key(string language) =>
        WebAssets.Paths.Where(path => path.StartsWith("texts/", StringComparison.Ordinal) && (path.EndsWith($"/{language}.json", StringComparison.Ordinal) || path.EndsWith($".{language}.json", StringComparison.Ordinal)))
            .SelectMany(path => System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(WebAssets.Read(path))!.Keys)
            .GroupBy(key => key).Where(same => same.Count() > 1).Select(same => same.Key)
            .ShouldBeEmpty();

    [Fact]
    public void Both_languages_have_the_same_texts() => Chinese.Keys.Order().ShouldBe(English.Keys.Order());

    [Fact]
    public void A_text_fills_the_same_places_in_both_languages() =>
        (from key in English.Keys
         let english = Places(English[key])
         let chinese = Places(Chinese[key])
         where !english.SequenceEqual(chinese)
         select key).ShouldBeEmpty();

    [Fact]
    public void No_text_is_empty_and_no_Chinese_one_is_English() =>
        (from key in Chinese.Keys
         let text = Chinese[key]
         where text.Length == 0 || (!Han().IsMatch(text) && !Exempt.Contains(key))
         select key).ShouldBeEmpty();

    [Fact]
    public void Every_text_that_a_script_asks_for_by_its_name_is_there() =>
        (from path in WebAssets.Paths
         where path.EndsWith(".js", StringComparison.Ordinal)
         from Match call in NamedText().Matches(Encoding.UTF8.GetString(WebAssets.Read(path)))
         let key = call.Groups["key"].Value
         let needed = call.Groups["function"].Value == "count" ? new[] { key + ".one", key + ".other" } : [key]
         from one in needed
         where !English.Keys.Contains(one)
         select $"{path}: {one}").ShouldBeEmpty();

    [Theory]
    [InlineData("zh", "en-US", "en", "zh")]
    [InlineData(null, "zh-CN,zh;q=0.9,en;q=0.8", "en", "zh")]
    [InlineData(null, "de,en;q=0.5,zh;q=0.7", "en", "zh")]
    [InlineData(null, "de-AT, fr;q=0.5", "zh", "zh")]
    [InlineData(null, "zh;q=0, en;q=0.1", "zh", "en")]
    [InlineData("xx", null, "fr", "en")]
    [InlineData("<script>", "q=;;,,;q=x", "zh-CN", "zh")]
    public void The_language_is_what_the_address_asks_for_then_the_browser_then_the_interview(string? asked, string? acceptLanguage, string interview, string expected) =>
        PageTexts.Choose(asked, acceptLanguage, interview).ShouldBe(expected);

    // Signs and names that are the same in every language.
    private static readonly HashSet<string> Exempt = ["welcome.part", "live.kicker", "time.both"];

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(m => m.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex("""\b(?<function>t|count)\("(?<key>[\w.-]+)"[,)]""", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedText();
}
