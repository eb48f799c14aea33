using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>One answer of a recorded interview: when it was given, or what was written.</summary>
/// <param name="Start">On the file's clock.</param>
/// <param name="End">Null: to the end of the file. Of a written answer the same as <paramref name="Start"/>.</param>
/// <param name="Text">Set for a written answer.</param>
internal sealed record ScriptedAnswer(string StageId, string QuestionId, int Attempt, TimeSpan Start, TimeSpan? End, string? Text);

/// <summary>
/// Which part of a media file answers which question: <c>FILE.stages.yaml</c> beside it, a list <c>stages</c> of <c>stage</c>, <c>question</c>, <c>start</c>
/// and <c>end</c> (seconds or <c>m:ss.f</c>), or <c>text</c> for an answer in writing. A question named again is its next take.
/// </summary>
internal sealed class StageScript
{
    private StageScript(IReadOnlyList<ScriptedAnswer> answers) => Answers = answers;

    /// <summary>In order of time.</summary>
    public IReadOnlyList<ScriptedAnswer> Answers { get; }

    public static string PathFor(string mediaPath) => mediaPath + ".stages.yaml";

    /// <summary>No part of the file answers any question: it is only transcribed.</summary>
    public static StageScript None { get; } = new([]);

    /// <summary>The whole file answers one question.</summary>
    public static StageScript Whole(string stageId, string questionId) => new([new ScriptedAnswer(stageId, questionId, 1, TimeSpan.Zero, null, null)]);

    /// <exception cref="CliException">The file is at fault; the message names every fault.</exception>
    public static StageScript Parse(string yaml, string path)
    {
        ScriptDocument document;
        try
        {
            document = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<ScriptDocument?>(yaml) ?? new ScriptDocument();
        }
        catch (YamlException e)
        {
            throw new CliException(ExitCode.BadInput, $"{path}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);
        }

        var faults = new List<string>();
        var answers = new List<ScriptedAnswer>();
        var attempts = new Dictionary<string, int>(StringComparer.Ordinal);
        var now = TimeSpan.Zero;
        if (document.Stages.Count == 0)
            faults.Add("it has no stages");
        for (var i = 0; i < document.Stages.Count; i++)
        {
            var entry = document.Stages[i];
            var place = $"stages[{i}]";
            if (string.IsNullOrWhiteSpace(entry.Stage) || string.IsNullOrWhiteSpace(entry.Question))
                faults.Add($"{place}: stage and question must both be named");
            var start = entry.Start is null ? now : ParseTime(entry.Start, $"{place}.start", faults);
            var end = entry.End is null ? (TimeSpan?)null : ParseTime(entry.End, $"{place}.end", faults);
            if (entry.Text is not null)
                end = start;
            else if (end <= start)
                faults.Add($"{place}: end {entry.End} must be after start {entry.Start ?? "0"}");
            else if (end is null && i + 1 < document.Stages.Count)
                faults.Add($"{place}: end is missing; only the last one may leave it out");
            if (start < now)
                faults.Add($"{place}: start {entry.Start} lies before the end of the one before ({now:m\\:ss\\.f})");
            now = end ?? start;
            var question = entry.Question ?? "";
            var attempt = attempts[question] = attempts.GetValueOrDefault(question) + 1;
            answers.Add(new ScriptedAnswer(entry.Stage ?? "", question, attempt, start, end, entry.Text));
        }

        return faults.Count == 0 ? new StageScript(answers) : throw new CliException(ExitCode.BadInput, $"{path}: {string.Join("; ", faults)}.");
    }

    private static TimeSpan ParseTime(string text, string place, List<string> faults)
    {
        var minutes = 0;
        var rest = text.Trim();
        if (rest.Split(':') is [var head, var tail])
        {
            if (!int.TryParse(head, NumberStyles.None, CultureInfo.InvariantCulture, out minutes))
                minutes = -1;
            rest = tail;
        }

        if (minutes >= 0 && double.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(seconds);
        faults.Add($"{place} is '{text}'; write seconds (62.5) or minutes and seconds (1:02.5)");
        return TimeSpan.Zero;
    }

    private sealed class ScriptDocument
    {
        public List<ScriptEntry> Stages { get; set; } = [];
    }

    private sealed class ScriptEntry
    {
        public string? Stage { get; set; }

        public string? Question { get; set; }

        public string? Start { get; set; }

        public string? End { get; set; }

        public string? Text { get; set; }
    }
}
