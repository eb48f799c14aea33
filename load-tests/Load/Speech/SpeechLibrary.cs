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

    // Between two files, whatever noise they begin and end with: longer than what ends an utterance for the voice detector (600 ms), so that every utterance stands alone.
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromMilliseconds(900);

    // Of the making: raise it when a clip of the same name would differ.
    private const int Version = 5;

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
        var utterances = order.Select(utterance => (Utterance: utterance, Samples: decoded[utterance.Path], Voiced: VoicedRange.Of(decoded[utterance.Path]))).ToList();
        var stretch = StretchFor(speechRatio, utterances.ConvertAll(utterance => (utterance.Voiced.End - utterance.Voiced.Start, Length(utterance.Samples.Length))));
        var samples = new List<float>();
        var parts = new List<SpokenPart>();
        foreach (var (utterance, spoken, voiced) in utterances)
        {
            var silence = SilenceBefore(stretch, voiced.End - voiced.Start, Length(spoken.Length));
            samples.AddRange(new float[(int)(silence.TotalSeconds * SampleRate)]);
            parts.Add(new SpokenPart(utterance.Speaker, utterance.Transcript, voiced.Start, voiced.End, voiced.IsClear).Shift(Length(samples.Count)));
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

    /// <summary>How long pauses must be in terms of the speech they follow, so that the whole has the wanted share of speech: found by halving, since no silence may be too short.</summary>
    private static double StretchFor(double speechRatio, IReadOnlyList<(TimeSpan Speech, TimeSpan File)> utterances)
    {
        var speech = utterances.Sum(utterance => utterance.Speech.TotalSeconds);
        var (low, high) = (0.0, 20.0);
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            var whole = utterances.Sum(utterance => (utterance.File + SilenceBefore(middle, utterance.Speech, utterance.File)).TotalSeconds);
            (low, high) = speech / whole > speechRatio ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>What the file has of silence round the speech is a part of the pause.</summary>
    private static TimeSpan SilenceBefore(double stretch, TimeSpan speech, TimeSpan file)
    {
        var wanted = (stretch * speech) - (file - speech);
        return wanted > ShortestSilence ? wanted : ShortestSilence;
    }

    private static TimeSpan Length(int samples) => TimeSpan.FromTicks(samples * TimeSpan.TicksPerSecond / SampleRate);
}

/// <param name="Path">Any file that FFmpeg reads.</param>
internal sealed record CorpusUtterance(string Speaker, string Path, string Transcript)
{
    /// <summary>The same on every machine.</summary>
    public string Key => System.IO.Path.GetFileName(Path);
}

[JsonSerializable(typeof(List<SpokenPart>))]
internal sealed partial class PartsJson : JsonSerializerContext;
