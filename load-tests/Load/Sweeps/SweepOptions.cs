using System.Globalization;

namespace MediaScore.Load.Sweeps;

/// <summary>What is asked for beyond one run: loads, repeats, the knee, a table of earlier rows. The other words describe each run (<see cref="LoadOptions"/>).</summary>
internal sealed record SweepOptions
{
    public const string Usage = """
            [--repeat N]      N equal runs, a fresh server each; the table has medians with least and most
            [--sweep N,N,...] a row for each number of interviews, in this order, and an overview of them
            [--find-knee]     the largest number of interviews that meets the goals; starts at --interviews
            --table DIR...    rows that were measured before, as a Markdown table on the standard output
        """;

    /// <summary>Numbers of interviews; empty where one number is asked for.</summary>
    public IReadOnlyList<int> Loads { get; init; } = [];

    public int Repeats { get; init; } = 1;

    public bool FindKnee { get; init; }

    /// <summary>Folders of rows; empty where something is to be run.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>More than one row.</summary>
    public bool IsSweep => Loads.Count > 0 || Repeats > 1 || FindKnee;

    /// <returns>The options, and the words that are not theirs.</returns>
    /// <exception cref="FormatException">With a message for the user.</exception>
    public static (SweepOptions Options, IReadOnlyList<string> Others) Parse(IReadOnlyList<string> words)
    {
        var options = new SweepOptions();
        var others = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var name = words[i];
            string Value() => ++i < words.Count ? words[i] : throw new FormatException($"{name} needs a value.");
            switch (name)
            {
                case "--repeat":
                    options = options with { Repeats = Number(name, Value(), 1, 100) };
                    break;
                case "--sweep":
                    options = options with { Loads = [.. Value().Split(',').Select(load => Number(name, load, 0, LoadOptions.MostInterviews))] };
                    break;
                case "--find-knee":
                    options = options with { FindKnee = true };
                    break;
                case "--table":
                    options = options with { Tables = [.. words.Skip(i + 1)] };
                    i = words.Count;
                    break;
                default:
                    others.Add(name);
                    break;
            }
        }

        if (options.FindKnee && (options.Loads.Count > 0 || options.Repeats > 1))
            throw new FormatException("--find-knee chooses its loads by itself: it goes with neither --sweep nor --repeat.");
        if (words.Contains("--table", StringComparer.Ordinal) && (options.Tables.Count == 0 || others.Count > 0 || options.IsSweep))
            throw new FormatException("--table takes folders that runs have written, and goes with nothing else.");
        return (options, others);
    }

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : throw new FormatException($"{name} {text}: a number from {least} to {most}.");
}
