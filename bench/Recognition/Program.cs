using MediaScore.Benchmarks.Recognition;
using MediaScore.TestMedia;

var options = RecognitionOptions.Parse(args);
if (SpeechCorpus.TryLoad() is not { } corpus)
{
    Console.Error.WriteLine(SharedTestData.SkipReason);
    return 1;
}

if (options.WithPocketSphinx && !PocketSphinxRecognition.IsThere)
{
    Console.Error.WriteLine($"--pocketsphinx {PocketSphinxRecognition.Missing}");
    return 1;
}

var sounds = new List<Sound>();
foreach (var utterance in corpus)
    sounds.Add(new Sound(utterance, await SpokenSound.DecodeAsync(utterance.Path)));
var report = new RecognitionReport(options, sounds);
report.Begin();

if (options.OtherEncoder is not null)
{
    await EncoderComparison.RunAsync(options, sounds);
    return 0;
}

IReadOnlyList<string>? first = null;
var different = 0;
foreach (var batch in options.Batches)
{
    using var recognition = new BatchedRecognition(options.ModelFolder, batch);
    await recognition.RecognizeAsync(sounds[..Math.Min(sounds.Count, BatchedRecognition.WarmSounds)], options.Tokenizer);
    var run = await RecognitionRun.BestOfAsync(options.Repeats, () => recognition.RecognizeAsync(sounds, options.Tokenizer));
    report.Add($"ours, batch {batch}", run);
    first ??= run.Texts;
    different += run.Texts.Where((text, index) => text != first[index]).Count();
}

if (options.Packaged is { } packaged)
{
    using var recognition = new PackagedRecognition(packaged);
    recognition.Recognize(sounds[..Math.Min(sounds.Count, BatchedRecognition.WarmSounds)], options.Tokenizer);
    report.Add("as packaged, one at a time", await RecognitionRun.BestOfAsync(options.Repeats, () => Task.FromResult(recognition.Recognize(sounds, options.Tokenizer))));
}

if (options.WithPocketSphinx)
    report.Add("pocketsphinx", await RecognitionRun.BestOfAsync(options.Repeats, () => PocketSphinxRecognition.RecognizeAsync(sounds)));

report.End(different);
return different == 0 ? 0 : 1;
