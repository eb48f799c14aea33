using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>Prints the rows as they come, as a table of Markdown, or all at once as JSON.</summary>
internal sealed class RecognitionReport(RecognitionOptions options, IReadOnlyList<Sound> sounds)
{
    private readonly List<RecognitionRow> _rows = [];
    private readonly IReadOnlyDictionary<string, string>? _against = options.Against is { } path ? ReadTranscripts(path, sounds) : null;

    public void Begin()
    {
        if (options.PrintsJson)
            return;
        var parts = sounds.Select(sound => sound.Utterance.Part).Distinct().ToList();
        var changed = _against is null ? "" : " changed words |";
        Console.WriteLine($"{options.ModelId}: {sounds.Count} utterances, {Text($"{Seconds:F1}")} s of sound; seconds of one core a second of sound; {Processor}\n");
        Console.WriteLine($"| | encoder | decoder | all | a step | {string.Join(" | ", parts)} |{changed}");
        Console.WriteLine($"| --- | ---: | ---: | ---: | ---: |{string.Concat(parts.Select(_ => " --- |"))}{(_against is null ? "" : " ---: |")}");
    }

    public void Add(string name, RecognitionRun run)
    {
        var row = RecognitionRow.Of(name, run, sounds, _against);
        _rows.Add(row);
        if (!options.PrintsJson)
            Console.WriteLine(Line(row, run));
        if (!options.PrintsText)
            return;
        foreach (var (sound, text) in sounds.Zip(run.Texts))
            Console.WriteLine($"{sound.Name}\t{text}");
    }

    public void End(int different)
    {
        if (options.PrintsJson)
        {
            var table = new RecognitionTable(options.ModelId, sounds.Count, Seconds, Processor, RuntimeInformation.FrameworkDescription, _rows, different);
            Console.WriteLine(JsonSerializer.Serialize(table, RecognitionJson.Default.RecognitionTable));
            return;
        }

        Console.WriteLine($"\ntranscripts that differ from those at batch {options.Batches[0]}: {different}");
    }

    private double Seconds => sounds.Sum(sound => sound.Seconds);

    private static string Processor =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Line(RecognitionRow row, RecognitionRun run)
    {
        var encoder = run.EncoderTime > TimeSpan.Zero ? Text($"{row.Encoder:F4}") : "";
        var decoder = run.EncoderTime > TimeSpan.Zero ? Text($"{row.Decoder:F4}") : "";
        var step = row.Steps > 0 ? Text($"{run.DecoderTime.TotalMilliseconds / row.Steps:F2} ms") : "";
        var errors = string.Concat(row.Parts.Select(part => $" {Text($"{part.Errors}")} |"));
        var changed = row.ChangedWords is { } count ? Text($" {count} |") : "";
        return $"| {row.Name} | {encoder} | {decoder} | {Text($"{row.Total:F4}")} | {step} |{errors}{changed}";
    }

    /// <exception cref="InvalidDataException">It has no transcript of one of the sounds: that one would count as unchanged.</exception>
    private static Dictionary<string, string> ReadTranscripts(string path, IReadOnlyList<Sound> sounds)
    {
        var transcripts = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(path))
        {
            if (line.Split('\t', 2) is [var name, var text])
                transcripts.TryAdd(name, text);
        }

        if (sounds.FirstOrDefault(sound => !transcripts.ContainsKey(sound.Name)) is { } unknown)
            throw new InvalidDataException($"--against {path} has no transcript of {unknown.Name}; --text prints one of every utterance.");
        return transcripts;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
