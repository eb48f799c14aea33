using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.Peers.Sources;
using MediaScore.TestMedia;

namespace MediaScore.Load.Speech;

/// <summary>
/// The speech of a run: all utterances of the corpus, speaker by speaker, in several orders, each a track of its own with pauses that give the wanted share of speech.
/// Coded once and kept in <c>artifacts/load-clips</c>.
/// </summary>
/// <param name="Description">"LibriSpeech and others, 64 utterances of 21 speakers".</param>
internal sealed record SpeechLibrary(IReadOnlyList<SpeechTrack> Tracks, string Description)
{
    public const int KilobitsPerSecond = 28;

    // So that those who begin with the same speaker do not go on with the same ones.
    private const int TrackCount = 4;

    private const int SampleRate = 16_000;

    // Longer than what ends an utterance for the voice detector (600 ms), so that every utterance stands alone.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    // Of the making: raise it when a clip of the same name would differ.
    private const int Version = 3;

    /// <param name="speechRatio">0.1 to 0.9.</param>
    /// <exception cref="InvalidOperationException">There is no speech on this machine; the message says what to do.</exception>
    public static async Task<SpeechLibrary> LoadAsync(double speechRatio, TextWriter progress, CancellationToken cancellation)
    {
        var corpus = SpeechCorpus.TryLoad() is { } shared ? shared.Select(Describe).ToList() : await SpokenSentences.ListAsync(cancellation);
        var folder = Path.Combine(SharedTestData.RepositoryRoot, "artifacts", "load-clips");
        Directory.CreateDirectory(folder);
        var tracks = new List<SpeechTrack>();
        Dictionary<string, float[]>? decoded = null;
        for (var number = 0; number < TrackCount; number++)
        {
            var order = InOrder(corpus, number);
            var name = Path.Combine(folder, NameOf(order, speechRatio));
            if (!File.Exists(name + ".json"))
            {
                if (decoded is null)
                    await progress.WriteLineAsync($"Coding {corpus.Count} utterances, once.");
                decoded ??= await DecodeAsync(corpus);
                await MakeAsync(name, order, decoded, speechRatio, cancellation);
            }

            var parts = JsonSerializer.Deserialize(await File.ReadAllTextAsync(name + ".json", cancellation), PartsJson.Default.ListSpokenPart)!;
            tracks.Add(new SpeechTrack(await MediaClip.ReadOpusAsync(name + ".ogg", cancellation), parts));
        }

        var speakers = corpus.Select(utterance => utterance.Speaker).Distinct(StringComparer.Ordinal).Count();
        var what = SpeechCorpus.TryLoad() is null ? "sentences of a speech synthesiser" : "LibriSpeech test-other and others";
        return new SpeechLibrary(tracks, $"{what}, {corpus.Count} utterances of {speakers} speakers, {tracks.Count} orders");
    }

    private static CorpusUtterance Describe(SpokenUtterance utterance)
    {
        var file = Path.GetFileNameWithoutExtension(utterance.Path);
        // LibriSpeech: reader-chapter-number; the others: speaker_sentence.
        return new CorpusUtterance($"{utterance.Part}/{file.Split('-', '_')[0]}{(utterance.Part == SpeechCorpus.Misc ? "_" + file.Split('_').ElementAtOrDefault(1) : string.Empty)}", utterance.Path, utterance.Transcript);
    }

    /// <summary>A speaker's utterances stay together, as in an interview; who comes after whom differs by track.</summary>
    private static List<CorpusUtterance> InOrder(List<CorpusUtterance> corpus, int seed)
    {
        var speakers = corpus.GroupBy(utterance => utterance.Speaker, StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
#pragma warning disable CA5394 // Nothing secret: the same seed must give the same order again.
        new Random(seed).Shuffle(speakers);
#pragma warning restore CA5394
        return [.. speakers.SelectMany(utterances => utterances)];
    }

    private static string NameOf(List<CorpusUtterance> order, double speechRatio)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Version} {speechRatio} {KilobitsPerSecond} {string.Join('\n', order.Select(utterance => $"{utterance.Key}\t{utterance.Transcript}"))}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
    }

    private static async Task<Dictionary<string, float[]>> DecodeAsync(List<CorpusUtterance> corpus)
    {
        var decoded = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var utterance in corpus)
            decoded[utterance.Path] = await SpokenSound.DecodeAsync(utterance.Path);
        return decoded;
    }

    private static async Task MakeAsync(string name, List<CorpusUtterance> order, Dictionary<string, float[]> decoded, double speechRatio, CancellationToken cancellation)
    {
        var samples = new List<float>();
        var parts = new List<SpokenPart>();
        foreach (var utterance in order)
        {
            var spoken = decoded[utterance.Path];
            var voiced = VoicedRange.Of(spoken);
            var speech = voiced.End - voiced.Start;
            var pause = TimeSpan.FromTicks(Math.Max(ShortestPause.Ticks, (long)(speech.Ticks * (1 - speechRatio) / speechRatio)));
            // What the file has of silence round the speech is a part of the pause.
            var silence = (int)((pause.TotalSeconds * SampleRate) - (spoken.Length - (speech.TotalSeconds * SampleRate)));
            samples.AddRange(new float[Math.Max(0, silence)]);
            parts.Add(new SpokenPart(utterance.Speaker, utterance.Transcript, voiced.Start, voiced.End).Shift(TimeSpan.FromTicks(samples.Count * TimeSpan.TicksPerSecond / SampleRate)));
            samples.AddRange(spoken);
        }

        var wave = $"{name}.{Guid.NewGuid():N}.wav";
        try
        {
            await File.WriteAllBytesAsync(wave, WaveFile.Write(samples, SampleRate), cancellation);
            var coded = await new ClipEncoder(Path.GetDirectoryName(name)).OpusAsync(["-i", wave], KilobitsPerSecond, cancellation);
            File.Move(coded, name + ".ogg", overwrite: true);
        }
        finally
        {
            File.Delete(wave);
        }

        // Last: where it is there, the rest is.
        await File.WriteAllTextAsync(name + ".json", JsonSerializer.Serialize(parts, PartsJson.Default.ListSpokenPart), cancellation);
    }
}

/// <param name="Path">Any file that FFmpeg reads.</param>
internal sealed record CorpusUtterance(string Speaker, string Path, string Transcript)
{
    /// <summary>The same on every machine.</summary>
    public string Key => System.IO.Path.GetFileName(Path);
}

[JsonSerializable(typeof(List<SpokenPart>))]
internal sealed partial class PartsJson : JsonSerializerContext;
