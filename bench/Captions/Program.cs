using System.Globalization;
using MediaScore.Benchmarks.Captions;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Speech;
using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

// Longer than what ends an utterance.
const double DefaultPauseSeconds = 1.2;
const string PauseOption = "pause=";
const string NoiseOption = "noise=";

if (SpeechCorpus.TryLoad() is null)
{
    Console.Error.WriteLine(SharedTestData.SkipReason);
    return 1;
}

var models = PreparedModels.Open(SharedTestData.PreparedModels, ModelCatalog.Load(Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")));
await using var pool = new InferencePool(new InferenceOptions { WorkerCount = 1 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
var detector = new VoiceActivityDetector(pool, models.Get("silero-vad"));
switch (args)
{
    case ["pauses", .. var settings]:
        await PauseTable.PrintAsync(detector, Settings.Parse(settings), [.. await Speech.LoadUtterancesAsync(), .. await Speech.LoadDialoguesAsync()]);
        return 0;
    case ["words", var model, .. var settings]:
        using (var recognizer = new MoonshineRecognizer(pool, models.Get(model), models.Get("llama-vocabulary")))
        {
            var pause = settings.FirstOrDefault(setting => setting.StartsWith(PauseOption, StringComparison.Ordinal));
            var noise = settings.FirstOrDefault(setting => setting.StartsWith(NoiseOption, StringComparison.Ordinal));
            var table = new WordTable(
                detector, recognizer, Settings.Parse(settings.Where(setting => setting != pause && setting != noise)),
                pause is null ? DefaultPauseSeconds : double.Parse(pause[PauseOption.Length..], CultureInfo.InvariantCulture), noise is null ? double.NegativeInfinity : double.Parse(noise[NoiseOption.Length..], CultureInfo.InvariantCulture));
            await table.PrintAsync(await Speech.LoadUtterancesAsync());
            return 0;
        }

    default:
        Console.Error.WriteLine("dotnet run -c Release --project bench/Captions -- pauses [Option=value ...]");
        Console.Error.WriteLine("dotnet run -c Release --project bench/Captions -- words MODEL [pause=SECONDS] [noise=DBFS] [Option=value ...]");
        return 2;
}
