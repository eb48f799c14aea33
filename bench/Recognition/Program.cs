using MediaScore.Benchmarks.Recognition;
using MediaScore.TestMedia;

var options = RecognitionOptions.Parse(args);
if (SpeechCorpus.TryLoad() is not { } corpus)
{
    Console.Error.WriteLine(SharedTestData.SkipReason);
    return 1;
}

var sounds = new List<Sound>();
foreach (var utterance in corpus)
    sounds.Add(new Sound(utterance, await SpokenSound.DecodeAsync(utterance.Path)));
Console.WriteLine($"{options.ModelId}: {sounds.Count} utterances, {sounds.Sum(sound => sound.Seconds):F1} s of sound");
if (options.Packaged is { } packaged)
{
    using var baseline = new PackagedRecognition(packaged);
    Report("packaged, batch 1", baseline.Recognize(sounds, options.Tokenizer));
    return 0;
}

IReadOnlyList<string>? first = null;
var different = 0;
foreach (var batch in options.Batches)
{
    using var recognition = new BatchedRecognition(options.ModelFolder, batch);
    var run = await recognition.RecognizeAsync(sounds, options.Tokenizer);
    Report($"batch {batch}", run);
    first ??= run.Texts;
    different += run.Texts.Where((text, index) => text != first[index]).Count();
}

Console.WriteLine($"transcripts that differ from those at batch {options.Batches[0]}: {different}");
return different == 0 ? 0 : 1;

void Report(string name, RecognitionRun run)
{
    var seconds = sounds.Sum(sound => sound.Seconds);
    Console.WriteLine(
        $"{name}: encoder {run.EncoderTime.TotalSeconds / seconds:F4}, decoder {run.DecoderTime.TotalSeconds / seconds:F4} of real time; {run.Steps} steps of {run.DecoderTime.TotalMilliseconds / run.Steps:F2} ms");
    foreach (var part in sounds.Select((sound, index) => (sound.Utterance, Text: run.Texts[index])).GroupBy(item => item.Utterance.Part))
    {
        var errors = part.Aggregate(default(WordErrorRate), (sum, item) => sum + WordErrorRate.Of(item.Utterance.Transcript, item.Text));
        Console.WriteLine($"  {part.Key}: {errors}");
    }

    if (options.PrintText)
    {
        foreach (var (sound, text) in sounds.Zip(run.Texts))
            Console.WriteLine($"{Path.GetFileName(sound.Utterance.Path)}\t{text}");
    }
}
