using System.Globalization;
using MediaScore.Benchmarks.Captions;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Speech;
using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

if (SpeechCorpus.TryLoad() is null)
{
    Console.Error.WriteLine(SharedTestData.SkipReason);
    return 1;
}

// Longer than what ends an utterance; the noise of a quiet room before a good microphone.
const double PauseSeconds = 1.5;
const double NoiseDbfs = -65;

var models = PreparedModels.Open(SharedTestData.PreparedModels, ModelCatalog.Load(Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")));
await using var pool = new InferencePool(new InferenceOptions { WorkerCount = 1 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
var detector = new VoiceActivityDetector(pool, models.Get("silero-vad"));
switch (args)
{
    case ["pauses", .. var settings]:
        await PauseTable.PrintAsync(detector, Settings.Parse(settings), [.. await Speech.LoadUtterancesAsync(), .. await Speech.LoadDialoguesAsync()]);
        return 0;
    case ["ends", .. var settings]:
        await EndTable.PrintAsync(detector, Settings.Parse(settings), await Speech.LoadUtterancesAsync());
        return 0;
    case ["path", var sessions, var seconds]:
        await PathTable.PrintAsync(
            pool, detector, await Speech.LoadUtterancesAsync(), int.Parse(sessions, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture));
        return 0;
    case ["words", var model, .. var settings]:
        using (var recognizer = new MoonshineRecognizer(pool, models.Get(model), models.Get("llama-vocabulary")))
        {
            // Digital silence in place of a room's noise: to see what it changes.
            var digital = settings.Contains("digital");
            var table = new WordTable(detector, recognizer, await Speech.LoadUtterancesAsync(), PauseSeconds, digital ? double.NegativeInfinity : NoiseDbfs);
            await table.PrintAsync(settings.Where(setting => setting != "digital").DefaultIfEmpty(""));
            return 0;
        }

    default:
        Console.Error.WriteLine("dotnet run -c Release --project bench/Captions -- pauses [OPTION=VALUE ...]");
        Console.Error.WriteLine("dotnet run -c Release --project bench/Captions -- ends [OPTION=VALUE ...]");
        Console.Error.WriteLine("dotnet run -c Release --project bench/Captions -- path SESSIONS SECONDS");
        Console.Error.WriteLine("dotnet run -c Release --project bench/Captions -- words MODEL [digital] [OPTION=VALUE,... ...]   # a row each");
        return 2;
}
