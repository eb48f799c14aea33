using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MediaScore.TestMedia;

/// <summary>
/// The normalisation of every word error rate that this project reports, the same for reference and transcript:
/// lower case; marks such as <c>&lt;VOCNOISE&gt;</c> left out; curly apostrophes straightened; everything but letters, digits and inner apostrophes parts words (so <c>well-known</c> is two);
/// <c>mr</c>, <c>mrs</c>, <c>dr</c>, <c>st</c> before a word spelt out; hesitations (<c>um</c>, <c>uh</c>, …) left out; digits read as cardinal numbers in words,
/// up to 999,999 (<c>25</c> is <c>twenty five</c>, <c>1999</c> is <c>one thousand nine hundred ninety nine</c>, without <c>and</c>), ordinals of the form <c>3rd</c> likewise.
/// Spelling variants (<c>colour</c>, <c>color</c>) and years read in pairs count as errors: nothing is forgiven that needs a list.
/// </summary>
public static partial class TranscriptNormalizer
{
    private static readonly Dictionary<string, string> Titles = new()
    {
        ["mr"] = "mister",
        ["mrs"] = "missus",
        ["dr"] = "doctor",
        ["st"] = "saint",
    };

    private static readonly HashSet<string> Hesitations = ["um", "umm", "uh", "uhh", "uhm", "er", "err", "erm", "hm", "hmm", "mm", "mmm", "mhm", "ah", "eh"];

    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
        "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly Dictionary<string, string> IrregularOrdinals = new()
    {
        ["one"] = "first",
        ["two"] = "second",
        ["three"] = "third",
        ["five"] = "fifth",
        ["eight"] = "eighth",
        ["nine"] = "ninth",
        ["twelve"] = "twelfth",
    };

    public static IReadOnlyList<string> Words(string transcript)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        var words = new List<string>();
        foreach (var word in Parts(transcript))
        {
            if (Hesitations.Contains(word))
                continue;
            if (char.IsAsciiDigit(word[0]))
                words.AddRange(Spell(word));
            else
                words.Add(Titles.GetValueOrDefault(word, word));
        }

        return words;
    }

    private static IEnumerable<string> Parts(string transcript)
    {
        // 10,000 is one number; a comma between words is not.
        transcript = Mark().Replace(transcript, " ");
        var text = new StringBuilder(transcript.Length);
        for (var i = 0; i < transcript.Length; i++)
        {
            var letter = char.ToLowerInvariant(transcript[i] is '\u2019' or '\u2018' ? '\'' : transcript[i]);
            var inNumber = letter == ',' && i > 0 && char.IsAsciiDigit(transcript[i - 1]) && i + 1 < transcript.Length && char.IsAsciiDigit(transcript[i + 1]);
            if (!inNumber)
                text.Append(char.IsLetterOrDigit(letter) || letter == '\'' ? letter : ' ');
        }

        return text.ToString().Split(' ').Select(word => word.Trim('\'')).Where(word => word.Length > 0);
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Mark();

    private static IEnumerable<string> Spell(string word)
    {
        var digits = word.TakeWhile(char.IsAsciiDigit).Count();
        var suffix = word[digits..];
        if (digits > 6 || suffix is not ("" or "st" or "nd" or "rd" or "th" or "s"))
            return [word];
        var spelt = Spell(int.Parse(word.AsSpan(0, digits), CultureInfo.InvariantCulture)).ToList();
        spelt[^1] = suffix switch
        {
            "" => spelt[^1],
            "s" => spelt[^1].EndsWith('y') ? spelt[^1][..^1] + "ies" : spelt[^1] + "s",
            _ => Ordinal(spelt[^1]),
        };
        return spelt;
    }

    private static IEnumerable<string> Spell(int number) => number switch
    {
        < 20 => [Small[number]],
        < 100 => number % 10 == 0 ? [Tens[number / 10]] : [Tens[number / 10], Small[number % 10]],
        < 1000 => [Small[number / 100], "hundred", .. Rest(number % 100)],
        _ => [.. Spell(number / 1000), "thousand", .. Rest(number % 1000)],
    };

    private static IEnumerable<string> Rest(int number) => number == 0 ? [] : Spell(number);

    private static string Ordinal(string cardinal) =>
        IrregularOrdinals.TryGetValue(cardinal, out var ordinal) ? ordinal : cardinal.EndsWith('y') ? cardinal[..^1] + "ieth" : cardinal + "th";
}
