using System.Globalization;

namespace MediaScore.Load.Words;

/// <summary>A line of <c>utterances.tsv</c>: what was said and heard, and how long the caption took.</summary>
/// <param name="CaptionMs">Null where no caption was timed.</param>
/// <param name="Said">Empty where words were heard that nobody had said.</param>
/// <param name="Rejected">Why the server withheld its words; empty where it did not.</param>
internal sealed record UtteranceLine(int Interview, string Speaker, double StartSeconds, double EndSeconds, double? CaptionMs, int Errors, string Said, string Heard, string Rejected)
{
    public const string FileName = "utterances.tsv";

    public const string Header = "interview\tspeaker\tstart_s\tend_s\tcaption_ms\tword_errors\tsaid\theard\trejected";

    /// <exception cref="InvalidDataException">It is none, or of another format.</exception>
    public static IReadOnlyList<UtteranceLine> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InvalidDataException($"There is no {FileName} in {folder}: name a folder that a run has written (--output).");
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != Header)
            throw new InvalidDataException($"{path} is not of this program's format: its first line is not \"{Header.Replace('\t', ' ')}\".");
        return [.. lines.Skip(1).Select(line => Parse(line) ?? throw new InvalidDataException($"{path} has a line that was not understood: {line}"))];
    }

    /// <summary>As it is written.</summary>
    public string Start => FormattableString.Invariant($"{StartSeconds:0.00}");

    public override string ToString() => FormattableString.Invariant(
        $"{Interview}\t{Speaker}\t{Start}\t{EndSeconds:0.00}\t{CaptionMs:0}\t{Errors}\t{Said}\t{Heard}\t{Rejected}");

    private static UtteranceLine? Parse(string line)
    {
        if (line.Split('\t') is not [var interview, var speaker, var start, var end, var caption, var errors, var said, var heard, var rejected]
            || !int.TryParse(interview, CultureInfo.InvariantCulture, out var number)
            || !double.TryParse(start, CultureInfo.InvariantCulture, out var from)
            || !double.TryParse(end, CultureInfo.InvariantCulture, out var to)
            || !int.TryParse(errors, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        double? captionMs = double.TryParse(caption, CultureInfo.InvariantCulture, out var ms) ? ms : null;
        return new UtteranceLine(number, speaker, from, to, captionMs, count, said, heard, rejected);
    }
}
