using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>
/// What another encoder graph in place of the prepared one changes: cost, and words. Words change by next to nothing, since quantisation turns a rounding into a
/// step; so both also hear the same sounds some thousandths louder. What that changes within one encoder is the measure of what is no difference between two.
/// </summary>
internal static class EncoderComparison
{
    private const int Batch = 8;

    // As is, and one to four thousandths louder (0.01 to 0.03 dB): nobody hears it, and every rounding is drawn anew.
    private const int Loudnesses = 5;
    private const float OneStep = 1e-3f;

    public static async Task RunAsync(RecognitionOptions options, IReadOnlyList<Sound> sounds)
    {
        using var prepared = new BatchedRecognition(options.ModelFolder, Batch);
        using var other = new BatchedRecognition(options.ModelFolder, Batch, options.OtherEncoder);
        var (first, second) = (new List<RecognitionRun>(), new List<RecognitionRun>());
        for (var step = 0; step < Loudnesses; step++)
        {
            var gain = 1 + (step * OneStep);
            var louder = sounds.Select(sound => sound with { Samples = Array.ConvertAll(sound.Samples, sample => sample * gain) }).ToList();
            first.Add(await prepared.RecognizeAsync(louder, options.Tokenizer));
            second.Add(await other.RecognizeAsync(louder, options.Tokenizer));
        }

        Describe("prepared", first, sounds);
        Describe(options.OtherEncoder!, second, sounds);
        Console.WriteLine(
            $"words changed, of {WordCount(first[0])}: between the two {Changed(first.Zip(second))}; "
            + $"by loudness alone, prepared {Changed(first.Skip(1).Select(run => (first[0], run)))}, other {Changed(second.Skip(1).Select(run => (second[0], run)))}");
    }

    private static void Describe(string name, List<RecognitionRun> runs, IReadOnlyList<Sound> sounds)
    {
        // The least of them: the machine may be busy, and the first has yet to find its memory.
        Console.WriteLine($"{name}: encoder {runs.Min(run => run.EncoderTime).TotalSeconds / sounds.Sum(sound => sound.Seconds):F4} of real time");
        foreach (var part in sounds.Select((sound, index) => (sound.Utterance, index)).GroupBy(item => item.Utterance.Part))
        {
            var errors = runs.Select(run => part.Aggregate(default(WordErrorRate), (sum, item) => sum + WordErrorRate.Of(item.Utterance.Transcript, run.Texts[item.index]))).ToList();
            Console.WriteLine($"  {part.Key}: {errors[0]}; at {Loudnesses} loudnesses {string.Join(", ", errors.Select(rate => rate.Errors))}");
        }
    }

    private static int WordCount(RecognitionRun run) => run.Texts.Sum(text => TranscriptNormalizer.Words(text).Count);

    private static string Changed(IEnumerable<(RecognitionRun One, RecognitionRun Other)> pairs) =>
        string.Join(", ", pairs.Select(pair => pair.One.Texts.Zip(pair.Other.Texts).Sum(texts => WordErrorRate.Of(texts.First, texts.Second).Errors)));
}
