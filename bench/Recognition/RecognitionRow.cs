using System.Text.Json.Serialization;
using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>One row of the table. Times are seconds of one core a second of sound.</summary>
/// <param name="ChangedWords">Words written otherwise than in the transcripts of <c>--against</c>; null without them.</param>
internal sealed record RecognitionRow(
    string Name, double Encoder, double Decoder, double Total, int Steps, IReadOnlyList<PartErrors> Parts, int Errors, int? ChangedWords)
{
    public static RecognitionRow Of(string name, RecognitionRun run, IReadOnlyList<Sound> sounds, IReadOnlyDictionary<string, string>? against)
    {
        var seconds = sounds.Sum(sound => sound.Seconds);
        var parts = sounds.Zip(run.Texts)
            .GroupBy(pair => pair.First.Utterance.Part)
            .Select(part => new PartErrors(
                part.Key, part.Aggregate(default(WordErrorRate), (sum, pair) => sum + WordErrorRate.Of(pair.First.Utterance.Transcript, pair.Second))))
            .ToList();
        int? changed = against is null
            ? null
            : sounds.Zip(run.Texts).Sum(pair => WordErrorRate.Of(against[pair.First.Name], pair.Second).Errors);
        return new RecognitionRow(
            name, run.EncoderTime.TotalSeconds / seconds, run.DecoderTime.TotalSeconds / seconds, run.Time.TotalSeconds / seconds, run.Steps, parts,
            parts.Sum(part => part.Errors.Errors), changed);
    }
}

/// <param name="Errors">As <c>docs/word-error-rate.md</c> counts them.</param>
internal sealed record PartErrors(string Part, WordErrorRate Errors);

/// <summary>Everything that one run of the program found.</summary>
internal sealed record RecognitionTable(string Model, int Utterances, double SoundSeconds, string Processor, string Runtime, IReadOnlyList<RecognitionRow> Rows, int DifferentBetweenBatches);

[JsonSerializable(typeof(RecognitionTable))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RecognitionJson : JsonSerializerContext;
