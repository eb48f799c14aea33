using System.Globalization;
using System.Text.RegularExpressions;
using MediaScore.Assessment.Reports;

namespace MediaScore.Assessment.Tests.Reports;

/// <summary>WCAG 2.2, 1.4.3 and 1.4.11: text 4.5 : 1, pictures 3 : 1 against what they stand on. Colours are read from the style sheet.</summary>
public sealed partial class ReportContrastTests
{
    private static readonly string Css = ReadCss();

    [Theory]
    [InlineData("--ink", "--paper", 4.5)]
    [InlineData("--muted", "--card", 4.5)]
    [InlineData("--muted", "--paper", 4.5)]
    [InlineData("--muted", ".quoted background", 4.5)]
    [InlineData("--accent", "--card", 4.5)]
    [InlineData("--accent", "--paper", 4.5)]
    [InlineData("--blue", "--card", 4.5)]
    [InlineData("--blue", ".quoted background", 4.5)]
    [InlineData("--amber", "--card", 4.5)]
    [InlineData(".notes color", "--amber-soft", 4.5)]
    [InlineData(".tag color", ".tag background", 4.5)]
    [InlineData(".course text.in fill", ".answer fill", 4.5)]
    [InlineData("--ink", ".answer.old fill", 4.5)]
    [InlineData("--accent", ".seg fill", 3)]
    [InlineData(".speech fill", ".course .lane fill", 3)]
    [InlineData(".sound-good fill", ".course .lane fill", 3)]
    [InlineData(".sound-poor fill", ".course .lane fill", 3)]
    [InlineData(".sound-unusable fill", ".course .lane fill", 3)]
    [InlineData(".face-one fill", ".course .lane fill", 3)]
    [InlineData(".face-none fill", ".course .lane fill", 3)]
    [InlineData(".quote fill", ".course .lane fill", 3)]
    [InlineData(".warning fill", ".course .lane fill", 3)]
    public void Foreground_and_background_are_far_enough_apart(string foreground, string background, double ratio)
    {
        var (light, dark) = (Luminance(Colour(foreground)), Luminance(Colour(background)));

        ((Math.Max(light, dark) + 0.05) / (Math.Min(light, dark) + 0.05)).ShouldBeGreaterThanOrEqualTo(ratio, $"{foreground} on {background}");
    }

    /// <summary><c>--name</c> is a variable; <c>selector property</c> the first rule of that selector.</summary>
    private static string Colour(string where)
    {
        var at = where.LastIndexOf(' ');
        var pattern = where.StartsWith("--", StringComparison.Ordinal)
            ? $@"{where}: (?<value>[^;]+);"
            : $@"(?m)^{Regex.Escape(where[..at])} \{{[^}}]*?\b(?<![-\w]){where[(at + 1)..]}: (?<value>[^;]+);";
        var match = Regex.Match(Css, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(2));
        match.Success.ShouldBeTrue($"{where} is not in report.css");
        var value = match.Groups["value"].Value;
        return Variable().Match(value) is { Success: true } variable ? Colour(variable.Groups["name"].Value) : value;
    }

    private static double Luminance(string colour)
    {
        var hex = colour.TrimStart('#');
        if (hex.Length == 3)
            hex = string.Concat(hex.Select(c => $"{c}{c}"));
        double Channel(int at)
        {
            var share = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(0)) + (0.7152 * Channel(2)) + (0.0722 * Channel(4));
    }

    private static string ReadCss()
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"var\((?<name>--[a-z-]+)\)", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Variable();
}
