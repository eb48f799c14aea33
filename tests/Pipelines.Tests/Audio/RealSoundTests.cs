using System.Globalization;
using MediaScore.Inference;
using MediaScore.Pipelines.Audio;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Audio;

/// <summary>
/// The whole pipeline with Silero and Moonshine tiny on recordings. Its constants were chosen on the speakers of half 0 (an even sum of the characters of the
/// speaker's name) and are held to the rest.
/// </summary>
[Collection(PreparedModelsTests.Name)]
public class RealSoundTests(PreparedModelsFixture models, ITestOutputHelper output)
{
    private const Modality Everything = Modality.Audio | Modality.Transcript | Modality.Prosody;

    [Fact]
    public async Task No_word_is_heard_in_noise_music_and_silence()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SharedTestData.TryFind("noise") is null, SharedTestData.SkipReason);
        var files = Directory.GetFiles(SharedTestData.TryFind("noise")!)
            .Where(path => !Path.GetFileName(path).StartsWith("rir_", StringComparison.Ordinal) && Path.GetExtension(path) != ".tsv").ToList();
        files.Count.ShouldBe(8);

        foreach (var path in files)
        {
            var sound = await SpokenSound.DecodeAsync(path);
            foreach (var gain in new[] { 1f, 0.1f })
                (await TextAsync(sound.Select(sample => sample * gain).ToArray())).ShouldBe("", $"{Path.GetFileName(path)}, gain {gain}");
        }
    }

    [Fact]
    public async Task No_word_is_heard_in_synthetic_noise_tones_and_melodies()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        var sounds = new Dictionary<string, float[]>
        {
            ["digital silence"] = Sounds.Silence(10),
            ["white noise"] = Sounds.WhiteNoise(15, 1, 0.3),
            ["soft white noise"] = Sounds.WhiteNoise(15, 2, 0.01),
            ["pink noise"] = Sounds.PinkNoise(15, 3),
            ["hum"] = Tones.Sine(50, Sounds.Rate, 8, 0.3),
            ["beep"] = Tones.Sine(1000, Sounds.Rate, 8, 0.4),
            ["chords"] = Sounds.Chords(15),
            ["melody"] = Sounds.Melody(15, 5),
            ["fast melody"] = Sounds.Melody(15, 4, 0.12),
            ["syllables without words"] = Sounds.Syllables(4, 15),
        };

        foreach (var (name, sound) in sounds)
            (await TextAsync(sound)).ShouldBe("", name);
    }

    [Fact]
    public async Task Cutting_and_gating_cost_no_more_than_half_a_point_of_word_errors()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SpeechCorpus.TryLoad() is null, SharedTestData.SkipReason);
        var direct = new WordErrorRate[2];
        var through = new WordErrorRate[2];
        var withheld = new List<string>();

        foreach (var utterance in SpeechCorpus.TryLoad()!)
        {
            var sound = await SpokenSound.DecodeAsync(utterance.Path);
            var half = Path.GetFileName(utterance.Path).Split('-', '_')[0].Sum(letter => letter) % 2;
            var alone = await models.Recognizer.RecognizeAsync(sound, RequestClass.Deferred, TestContext.Current.CancellationToken);
            var transcripts = (await RunAsync(sound)).OfType<UtteranceTranscript>().ToList();
            direct[half] += WordErrorRate.Of(utterance.Transcript, alone.Text);
            through[half] += WordErrorRate.Of(utterance.Transcript, string.Join(' ', transcripts.Select(transcript => transcript.Text)));
            withheld.AddRange(transcripts.Where(transcript => transcript.Rejected is not null).Select(t => $"{Path.GetFileName(utterance.Path)} {t.Range}: {t.Rejected}"));
        }

        output.WriteLine($"word errors, half 0: directly {Describe(direct[0])}, through the pipeline {Describe(through[0])}");
        output.WriteLine($"word errors, half 1: directly {Describe(direct[1])}, through the pipeline {Describe(through[1])}");
        output.WriteLine($"withheld: {withheld.Count} {string.Join("; ", withheld)}");
        (through[0] + through[1]).Rate.ShouldBeLessThanOrEqualTo((direct[0] + direct[1]).Rate + 0.005);
        withheld.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Speech_is_found_where_people_labelled_it()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SharedTestData.TryFind("noise", "vad-labelled") is null, SharedTestData.SkipReason);
        var windows = new Detection();
        var utterances = new Detection();

        foreach (var path in Directory.GetFiles(SharedTestData.TryFind("noise", "vad-labelled")!, "*.flac").Order())
        {
            var sound = await SpokenSound.DecodeAsync(path);
            var labels = ReadLabels(Path.ChangeExtension(path, ".scv"));
            var probabilities = new float[sound.Length / SoundWindow.SampleCount];
            using (var stream = models.VoiceActivity.Open("labels"))
                await stream.PushManyAsync(sound.AsMemory(0, probabilities.Length * SoundWindow.SampleCount), probabilities, RequestClass.Deferred);
            var segments = (await RunAsync(sound, Modality.Audio)).OfType<SpeechSegment>().Select(segment => segment.Range).ToList();
            for (var i = 0; i < probabilities.Length; i++)
            {
                var middle = MediaTime.FromSamples(i * SoundWindow.SampleCount + SoundWindow.SampleCount / 2, Sounds.Rate);
                var labelled = labels.FirstOrDefault(label => middle.TotalSeconds >= label.Start && middle.TotalSeconds < label.End);
                if (labelled.End == 0)
                    continue;
                windows.Add(probabilities[i] >= 0.5f, labelled.IsSpeech);
                utterances.Add(segments.Any(segment => segment.Contains(middle)), labelled.IsSpeech);
            }
        }

        output.WriteLine($"windows: precision {windows.Precision:P1}, recall {windows.Recall:P1}; utterances (pauses under 600 ms inside): precision {utterances.Precision:P1}, recall {utterances.Recall:P1}");
        windows.Precision.ShouldBeGreaterThan(0.85);
        windows.Recall.ShouldBeGreaterThan(0.85);
        utterances.Recall.ShouldBeGreaterThan(0.97);
    }

    [Fact]
    public async Task A_run_that_was_cut_off_comes_to_the_timeline_of_an_undisturbed_one()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SharedTestData.TryFind("speech-en", "misc", "OSR_us_000_0034_8k.flac") is null, SharedTestData.SkipReason);
        var sound = await SpokenSound.DecodeAsync(SharedTestData.TryFind("speech-en", "misc", "OSR_us_000_0034_8k.flac")!);
        var undisturbed = await RunAsync(sound);
        undisturbed.OfType<UtteranceProsody>().Count().ShouldBeGreaterThan(3);

        foreach (var durableCount in new[] { 1, 10, 22, undisturbed.Count })
        {
            var durable = undisturbed.Take(durableCount).ToList();
            var added = await RunAsync(sound, known: new KnownObservations(durable), pieceSamples: 4_000);
            durable.Concat(added).ShouldBe(undisturbed);
        }
    }

    private static string Describe(WordErrorRate rate) => $"{rate.Errors}/{rate.ReferenceWords} = {rate.Rate:P2}";

    private static List<(double Start, double End, bool IsSpeech)> ReadLabels(string path) =>
    [
        .. File.ReadAllText(path).Trim().Split(',').Skip(1).Chunk(3)
            .Select(triple => (double.Parse(triple[0], CultureInfo.InvariantCulture), double.Parse(triple[1], CultureInfo.InvariantCulture), triple[2] == "1")),
    ];

    private async Task<string> TextAsync(float[] sound) =>
        string.Join(' ', (await RunAsync(sound)).OfType<UtteranceTranscript>().Select(transcript => transcript.Text)).Trim();

    private async Task<IReadOnlyList<Observation>> RunAsync(
        float[] sound, Modality permitted = Everything, KnownObservations? known = null, int pieceSamples = PieceBuffers.MostSamples)
    {
        var list = new ObservationList();
        await using var pipeline = new AudioPipeline(new AudioPipelineContext(
            "i-1", permitted, "en", models.VoiceActivity, models.Recognizer, null, list, new AudioPipelineOptions(), known ?? KnownObservations.None));
        for (var at = 0; at < sound.Length; at += pieceSamples)
        {
            await pipeline.PushAsync(
                MediaTime.FromSamples(at, Sounds.Rate), sound.AsMemory(at, Math.Min(pieceSamples, sound.Length - at)), RequestClass.Deferred);
        }

        await pipeline.CompleteAsync(RequestClass.Deferred);
        return list.All;
    }

    private sealed class Detection
    {
        private int _hits;
        private int _falseAlarms;
        private int _misses;

        public double Precision => (double)_hits / (_hits + _falseAlarms);

        public double Recall => (double)_hits / (_hits + _misses);

        public void Add(bool said, bool isSpeech)
        {
            if (said && isSpeech)
                _hits++;
            else if (said)
                _falseAlarms++;
            else if (isSpeech)
                _misses++;
        }
    }
}
