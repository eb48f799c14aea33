using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Perception.Tests.Speech;

public sealed class MoonshineRecognizerTests : IAsyncLifetime
{
    private readonly InferencePool _pool = new(new InferenceOptions(), TimeProvider.System, NullLogger<InferencePool>.Instance);
    private MoonshineRecognizer? _recognizer;

    private MoonshineRecognizer Recognizer => _recognizer ??= new MoonshineRecognizer(
        _pool,
        "moonshine-tiny-en",
        "test",
        "en",
        new MoonshineFiles(
            PreparedModelFiles.Require("moonshine-tiny-en", "encoder.onnx"),
            PreparedModelFiles.Require("moonshine-tiny-en", "decoder_merged.onnx"),
            PreparedModelFiles.Require("llama-vocabulary", "vocabulary.txt")));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _recognizer?.Dispose();
        await _pool.DisposeAsync();
    }

    [Fact]
    public async Task A_spoken_sentence_is_written_with_punctuation()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var sound = await SpokenSound.TrySpeakAsync("Good morning. I would like to talk about the weekend promotion for our store.");
        Assert.SkipWhen(sound is null, "Needs the espeak-ng program: apt-get install espeak-ng.");

        var heard = await Recognizer.RecognizeAsync(sound, RequestClass.Live, CancellationToken.None);

        // A synthetic voice: two words of fifteen may be misheard.
        WordErrorRate.Of("Good morning. I would like to talk about the weekend promotion for our store.", heard.Text).Errors.ShouldBeLessThanOrEqualTo(2, heard.Text);
        heard.Text.ShouldEndWith(".");
        heard.HitTokenLimit.ShouldBeFalse();
        heard.Repetition.IsLoop.ShouldBeFalse();
        heard.MeanLogProbability.ShouldBeInRange(-0.7, 0);
        string.Concat(heard.Tokens.Select(token => token.Text)).Trim().ShouldBe(heard.Text);
    }

    // Origin: the prepared graphs of revision 1 themselves, on a Zen 5 core; the words agree with the manifest's but for "cloves" (clubs).
    [Theory]
    [InlineData("ps_goforward.wav", "Go forward ten meters.")]
    [InlineData("ps_card005.wav", "Eight of spades, four of cloves, seven of hearts.")]
    [InlineData("google_brooklyn.flac", "How old is the Brooklyn Bridge?")]
    public async Task Real_clips_give_their_golden_transcripts(string file, string expected)
    {
        var sound = await ReadAsync(file);

        var heard = await Recognizer.RecognizeAsync(sound, RequestClass.Deferred, CancellationToken.None);

        heard.Text.ShouldBe(expected);
    }

    [Fact]
    public async Task Utterances_recognised_at_once_are_written_as_if_alone()
    {
        var sounds = new List<float[]>();
        foreach (var file in (string[])["ps_goforward.wav", "ps_card002.wav", "ps_card005.wav", "uberi_english.wav", "LDC93S1.wav", "google_brooklyn.flac"])
            sounds.Add(await ReadAsync(file));
        var alone = new List<RecognizedSpeech>();
        foreach (var sound in sounds)
            alone.Add(await Recognizer.RecognizeAsync(sound, RequestClass.Live, CancellationToken.None));

        var together = await Task.WhenAll(sounds.Select((sound, i) =>
            Recognizer.RecognizeAsync(sound, i % 2 == 0 ? RequestClass.Live : RequestClass.Deferred, CancellationToken.None).AsTask()));

        for (var i = 0; i < sounds.Count; i++)
        {
            together[i].Text.ShouldBe(alone[i].Text);
            together[i].MeanLogProbability.ShouldBe(alone[i].MeanLogProbability);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(894)]
    [InlineData(1_600)]
    [InlineData(4_000)]
    public async Task Very_short_silence_is_answered_without_text(int sampleCount)
    {
        var heard = await Recognizer.RecognizeAsync(new float[sampleCount], RequestClass.Live, CancellationToken.None);

        heard.Tokens.Count.ShouldBeLessThanOrEqualTo(MoonshineSound.TokenLimit(sampleCount));
        if (heard.Tokens.Count > 0)
            heard.MeanLogProbability.ShouldBeLessThan(-0.7);
    }

    [Fact]
    public async Task An_utterance_over_the_limit_is_refused_with_both_lengths()
    {
        var tooLong = new float[(40 * 16_000) + 1];

        var refusal = await Should.ThrowAsync<ArgumentException>(() => Recognizer.RecognizeAsync(tooLong, RequestClass.Live, CancellationToken.None).AsTask());

        refusal.Message.ShouldContain("640001");
        refusal.Message.ShouldContain("640000");
    }

    [Fact]
    public async Task The_pool_counts_encoder_and_decoder_apart()
    {
        var sound = SyntheticSound.Babble(seed: 1, seconds: 1);

        await Recognizer.RecognizeAsync(sound, RequestClass.Live, CancellationToken.None);

        _pool.Snapshot().Models.Select(model => model.Name).ShouldBe(["moonshine-tiny-en/encoder", "moonshine-tiny-en/decoder"]);
    }

    private static async Task<float[]> ReadAsync(string file)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var path = SharedTestData.TryFind("speech-en", "misc", file);
        Assert.SkipWhen(path is null, SharedTestData.SkipReason);
        return await SpokenSound.DecodeAsync(path);
    }
}
