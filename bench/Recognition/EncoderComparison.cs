using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>
/// What another encoder graph in place of the prepared one changes: cost, and words. Words change by rounding alone, since quantisation turns a rounding into a
/// step; so the prepared encoder also hears the same sounds one millionth louder, and what that changes is the measure of what is no difference.
/// </summary>
internal static class EncoderComparison
{
    private const int Batch = 8;

    // Eight times the rounding of a float: no sample stays as it is, and nobody could hear it.
    private const float LittleLouder = 1.000001f;

    public static async Task RunAsync(RecognitionOptions options, IReadOnlyList<Sound> sounds)
    {
        var louder = sounds.Select(sound => sound with { Samples = Array.ConvertAll(sound.Samples, sample => sample * LittleLouder) }).ToList();
        using var prepared = new BatchedRecognition(options.ModelFolder, Batch);
        using var other = new BatchedRecognition(options.ModelFolder, Batch, options.OtherEncoder);
        var tokenizer = options.Tokenizer;
        var (one, second) = (await prepared.RecognizeAsync(sounds, tokenizer), await other.RecognizeAsync(sounds, tokenizer));
        var rounded = await prepared.RecognizeAsync(louder, tokenizer);

        // Once more, in turn: the first pass finds the memory, and the machine may be busy.
        var again = await other.RecognizeAsync(sounds, tokenizer);
        Describe("prepared", Least(one.EncoderTime, rounded.EncoderTime), one);
        Describe(options.OtherEncoder!, Least(second.EncoderTime, again.EncoderTime), second);
        Console.WriteLine($"words changed: {Changed(one, second)}; by the prepared encoder on sound one millionth louder: {Changed(one, rounded)}");

        void Describe(string name, TimeSpan encoderTime, RecognitionRun run)
        {
            Console.WriteLine($"{name}: encoder {encoderTime.TotalSeconds / sounds.Sum(sound => sound.Seconds):F4} of real time");
            foreach (var part in sounds.Zip(run.Texts).GroupBy(item => item.First.Utterance.Part))
                Console.WriteLine($"  {part.Key}: {part.Aggregate(default(WordErrorRate), (sum, item) => sum + WordErrorRate.Of(item.First.Utterance.Transcript, item.Second))}");
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Changed(RecognitionRun before, RecognitionRun after)
    {
        var words = before.Texts.Zip(after.Texts).Aggregate(default(WordErrorRate), (sum, texts) => sum + WordErrorRate.Of(texts.First, texts.Second));
        var utterances = before.Texts.Zip(after.Texts).Count(texts => texts.First != texts.Second);
        return $"{words.Errors} of {words.ReferenceWords} in {utterances} utterances";
    }
}
