using System.Text.Json;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Speech;
using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.EndToEnd.Tests;

/// <summary>
/// The way through the whole server (Opus at 24 kbit/s, gRPC, recording, voice activity, quality gate) beside the same graphs fed the same utterances directly.
/// Words are compared as docs/word-error-rate.md says. <c>MEDIASCORE_RECOGNIZER=accurate</c> measures Moonshine base.
/// </summary>
public sealed class RecognitionTests(ITestOutputHelper output)
{
    private static readonly string Tier = Environment.GetEnvironmentVariable("MEDIASCORE_RECOGNIZER") is { Length: > 0 } tier ? tier : "default";

    [Fact]
    public async Task The_way_through_the_server_costs_at_most_half_a_point_of_word_errors()
    {
        var corpus = SpeechCorpus.TryLoad();
        Assert.SkipWhen(corpus is null, SharedTestData.SkipReason);
        using var scratch = new ScratchFolder();

        var direct = await DirectAsync(corpus!);
        var heard = await ThroughServerAsync(scratch, [.. corpus!.Select(u => u.Path)]);

        var all = (Direct: default(WordErrorRate), Server: default(WordErrorRate));
        foreach (var part in corpus!.GroupBy(u => u.Part))
        {
            var directly = part.Select(u => WordErrorRate.Of(u.Transcript, direct[u.Path])).Aggregate((a, b) => a + b);
            var through = part.Select(u => WordErrorRate.Of(u.Transcript, heard[u.Path].GetProperty("text").GetString()!)).Aggregate((a, b) => a + b);
            output.WriteLine($"{Tier}, {part.Key}: direct {directly}, through the server {through}");
            all = (all.Direct + directly, all.Server + through);
        }

        output.WriteLine($"{Tier}, all: direct {all.Direct}, through the server {all.Server}");
        (all.Server.Rate - all.Direct.Rate).ShouldBeLessThanOrEqualTo(0.005);
    }

    [Fact]
    public async Task No_words_are_heard_in_noise_music_and_silence()
    {
        var folder = SharedTestData.TryFind("noise");
        Assert.SkipWhen(folder is null, SharedTestData.SkipReason);
        using var scratch = new ScratchFolder();
        string[] files =
        [
            .. Directory.EnumerateFiles(folder!)
                .Where(f => Path.GetExtension(f) is ".wav" or ".flac" or ".ogg" or ".mp3" && !Path.GetFileName(f).StartsWith("rir_", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];

        var heard = await ThroughServerAsync(scratch, files);

        heard.Count.ShouldBe(files.Length);
        output.WriteLine($"{files.Length} files, {heard.Values.Count(h => h.GetProperty("text").GetString() != "")} with words");
        heard.Where(h => h.Value.GetProperty("text").GetString() != "").Select(h => $"{Path.GetFileName(h.Key)}: {h.Value.GetProperty("text").GetString()}").ShouldBeEmpty();
    }

    private static async Task<Dictionary<string, JsonElement>> ThroughServerAsync(ScratchFolder scratch, string[] files)
    {
        var result = (await CommandLine.RunAsync(["transcribe", .. files, "--json", "--data", scratch["data"], "--models", SharedTestData.PreparedModels, "--recognizer", Tier])).ShouldSucceed();
        return result.JsonLines.Where(l => l.TryGetProperty("file", out _)).ToDictionary(l => l.GetProperty("file").GetString()!);
    }

    private static async Task<Dictionary<string, string>> DirectAsync(IReadOnlyList<SpokenUtterance> corpus)
    {
        await using var pool = new InferencePool(new InferenceOptions(), TimeProvider.System, NullLogger<InferencePool>.Instance);
        var models = PreparedModels.Open(SharedTestData.PreparedModels, ModelCatalog.Load(Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")));
        using var recognizer = new MoonshineRecognizer(pool, models.Get(Tier == "accurate" ? "moonshine-base-en" : "moonshine-tiny-en"), models.Get("llama-vocabulary"));
        var texts = new Dictionary<string, string>();
        foreach (var utterance in corpus)
            texts[utterance.Path] = (await recognizer.RecognizeAsync(await SpokenSound.DecodeAsync(utterance.Path), RequestClass.Live, CancellationToken.None)).Text;
        return texts;
    }
}
