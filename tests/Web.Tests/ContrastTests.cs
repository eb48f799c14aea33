using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MediaScore.Web.Tests;

/// <summary>WCAG 2.2, 1.4.3 and 1.4.11 in both colour schemes: text 4.5 : 1, the edges of controls and meters 3 : 1. Colours are read from the style sheet.</summary>
public sealed class ContrastTests
{
    private static readonly string Css = Encoding.UTF8.GetString(WebAssets.Read("base.css"));

    public static TheoryData<string, string, double, bool> Pairs()
    {
        (string Foreground, string[] Backgrounds, double Ratio)[] pairs =
        [
            ("ink", ["paper", "card", "soft", "accent-soft", "amber-soft", "red-soft"], 4.5),
            ("muted", ["paper", "card", "soft"], 4.5),
            ("accent", ["paper", "card"], 4.5),
            ("blue", ["paper", "card"], 4.5),
            ("amber", ["card", "amber-soft", "soft"], 4.5),
            ("red", ["paper", "card"], 4.5),
            ("on-button", ["button", "button-hover"], 4.5),
            ("edge", ["card", "soft"], 3),
            ("accent", ["soft"], 3),
            ("red", ["soft"], 3),
            ("button", ["card"], 3),
        ];
        var data = new TheoryData<string, string, double, bool>();
        foreach (var dark in new[] { false, true })
        {
            foreach (var (foreground, backgrounds, ratio) in pairs)
            {
                foreach (var background in backgrounds)
                    data.Add(foreground, background, ratio, dark);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Foreground_and_background_are_far_enough_apart(string foreground, string background, double ratio, bool dark)
    {
        var (one, other) = (Luminance(Colour(foreground, dark)), Luminance(Colour(background, dark)));

        ((Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05)).ShouldBeGreaterThanOrEqualTo(ratio, $"{foreground} on {background}{(dark ? ", dark" : "")}");
    }

    private static string Colour(string name, bool dark)
    {
        var values = Regex.Matches(Css, $@"--{name}: (?<value>#[0-9a-f]+);", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(2));
        values.Count.ShouldBe(2, $"--{name} has one value for each colour scheme");
        return values[dark ? 1 : 0].Groups["value"].Value;
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
}
