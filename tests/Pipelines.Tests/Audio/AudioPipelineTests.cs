using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Audio;

public class AudioPipelineTests
{
    private const Modality Everything = Modality.Audio | Modality.Transcript | Modality.Prosody;

    // Five utterances of different length, rate and level, with pauses that end them.
    private static readonly float[] Interview = Sounds.Join(
        Sounds.Silence(0.5), Sounds.Syllables(3, 2), Sounds.Silence(1), Sounds.Syllables(4, 3), Sounds.Silence(0.9), Sounds.Syllables(5, 2.5),
        Sounds.Silence(1.2), Sounds.Syllables(4, 1.5, 180), Sounds.Silence(0.8), Sounds.Syllables(6, 4, 100), Sounds.Silence(1));

    [Fact]
    public async Task Each_utterance_says_segment_quality_text_and_prosody_in_the_order_of_the_media()
    {
        var observations = await RunAsync(Interview, new ScriptedRecognizer());

        observations.Select(o => o.GetType().Name).ShouldBe(
            Enumerable.Repeat(new[] { nameof(SpeechSegment), nameof(AudioQuality), nameof(UtteranceTranscript), nameof(UtteranceProsody) }, 5).SelectMany(names => names));
        observations.Select(o => o.Range.Start).ShouldBeInOrder();
        observations.OfType<SpeechSegment>().ShouldAllBe(segment => segment.Cut == UtteranceCut.Silence);
        var transcript = observations.OfType<UtteranceTranscript>().First();
        transcript.Text.ShouldBe("yes, it works.");
        transcript.Model.ShouldBe(new ModelStamp("scripted", "1"));
        transcript.Confidence.ShouldBe(Math.Round(Math.Exp(-0.1), 4));
        transcript.Words.Select(word => word.Text).ShouldBe(["yes,", "it", "works."]);
        var prosody = observations.OfType<UtteranceProsody>().ToList();
        prosody[0].PauseBefore.ShouldBe(TimeSpan.Zero);
        prosody[1].PauseBefore.TotalSeconds.ShouldBe(1, 0.1);
        prosody[1].SyllablesPerSecond.ShouldBe(4, 0.4);
        prosody[4].SyllablesPerSecond.ShouldBe(6, 0.6);
        prosody.ShouldAllBe(p => p.RelativeRate == null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(320)]
    [InlineData(1_111)]
    [InlineData(48_000)]
    [InlineData(1_000_000)]
    public async Task The_same_sound_in_any_pieces_gives_the_same_observations(int pieceSamples)
    {
        // Pieces of one sample for the first second only: they all wait in the queue.
        var sound = pieceSamples == 1 ? Interview[..60_000] : Interview;
        var expected = await RunAsync(sound, new ScriptedRecognizer(), pieceSamples: 512);

        var observations = await RunAsync(sound, new ScriptedRecognizer(), pieceSamples: pieceSamples);

        observations.ShouldBe(expected);
    }

    [Fact]
    public async Task Recognition_that_ends_out_of_order_changes_nothing()
    {
        var expected = await RunAsync(Interview, new ScriptedRecognizer());
        var first = new TaskCompletionSource<RecognizedSpeech>();
        var laterDone = 0;
        var recognizer = new ScriptedRecognizer(call =>
        {
            if (call == 0)
                return first.Task;

            // The first answer comes when three later ones are there.
            if (Interlocked.Increment(ref laterDone) == 3)
                first.SetResult(ScriptedRecognizer.Speech("yes, it works."));
            return Task.FromResult(ScriptedRecognizer.Speech("yes, it works."));
        });

        var observations = await RunAsync(Interview, recognizer);

        observations.ShouldBe(expected);
    }

    [Fact]
    public async Task No_more_utterances_are_recognised_at_once_than_the_options_allow()
    {
        var most = 0;
        var running = 0;
        var recognizer = new ScriptedRecognizer(async _ =>
        {
            var now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return ScriptedRecognizer.Speech("yes.");
        });

        await RunAsync(Interview, recognizer, configure: options => options.UtterancesInFlight = 1);

        most.ShouldBe(1);
        recognizer.CallCount.ShouldBe(5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(14)]
    [InlineData(20)]
    public async Task After_a_crash_nothing_is_said_twice_and_nothing_known_is_recognised_again(int durableCount)
    {
        var undisturbed = await RunAsync(Interview, new ScriptedRecognizer());
        var durable = undisturbed.Take(durableCount).ToList();
        var recognizer = new ScriptedRecognizer();

        var added = await RunAsync(Interview, recognizer, known: new KnownObservations(durable));

        durable.Concat(added).ShouldBe(undisturbed);
        recognizer.CallCount.ShouldBe(5 - durable.OfType<UtteranceTranscript>().Count());
    }

    [Fact]
    public async Task Without_consent_for_text_the_recogniser_is_never_called()
    {
        var recognizer = new ScriptedRecognizer();

        var observations = await RunAsync(Interview, recognizer, Modality.Audio | Modality.Prosody);

        recognizer.CallCount.ShouldBe(0);
        observations.OfType<UtteranceTranscript>().ShouldBeEmpty();
        observations.OfType<UtteranceProsody>().Count().ShouldBe(5);
    }

    [Fact]
    public async Task What_is_not_permitted_is_not_constructed()
    {
        await using var bare = Create(new ObservationList(), new ScriptedRecognizer(), Modality.Audio);
        await using var full = Create(new ObservationList(), new ScriptedRecognizer(), Everything);

        bare.Analyzer.Recognizer.ShouldBeNull();
        bare.Analyzer.Prosody.ShouldBeNull();
        full.Analyzer.Recognizer.ShouldNotBeNull();
        full.Analyzer.Prosody.ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => Create(new ObservationList(), new ScriptedRecognizer(), Modality.Video | Modality.Transcript));
    }

    [Fact]
    public async Task A_language_without_a_recogniser_is_stated_once()
    {
        var observations = await RunAsync(Interview, recognizer: null);

        observations.OfType<NotAnalysed>().ShouldHaveSingleItem().ShouldBe(new NotAnalysed(MediaRange.At(MediaTime.Zero), Modality.Transcript, "no model for zh"));
        observations.OfType<UtteranceTranscript>().ShouldBeEmpty();
        observations.OfType<UtteranceProsody>().Count().ShouldBe(5);
    }

    [Fact]
    public async Task A_recogniser_that_fails_is_a_fault_of_one_utterance()
    {
        var recognizer = new ScriptedRecognizer(call => call == 1
            ? Task.FromException<RecognizedSpeech>(new InferenceFailedException("moonshine", "out of luck"))
            : Task.FromResult(ScriptedRecognizer.Speech("yes.")));

        var observations = await RunAsync(Interview, recognizer, configure: options => options.UtterancesInFlight = 1);

        observations.OfType<AnalysisFault>().ShouldHaveSingleItem().Component.ShouldBe("recognizer");
        observations.OfType<UtteranceTranscript>().Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_sink_that_fails_ends_the_pipeline_with_its_fault()
    {
        await using var pipeline = Create(new ObservationList { FailAfter = 3 }, new ScriptedRecognizer(), Everything);

        var failure = await Should.ThrowAsync<IOException>(async () =>
        {
            await PushAsync(pipeline, Interview, 320);
            await pipeline.CompleteAsync();
        });

        failure.Message.ShouldBe("The disk is full.");
        (await Should.ThrowAsync<IOException>(async () => await pipeline.PushAsync(MediaTime.Zero, new float[320], RequestClass.Live))).Message.ShouldBe("The disk is full.");
    }

    [Fact]
    public async Task A_long_hole_ends_the_utterance_and_a_short_one_is_silence()
    {
        var list = new ObservationList();
        await using var pipeline = Create(list, new ScriptedRecognizer(), Everything);
        await pipeline.PushAsync(MediaTime.Zero, Sounds.Syllables(4, 1), RequestClass.Live);
        await pipeline.PushAsync(MediaTime.FromSeconds(1.2), Sounds.Syllables(4, 1), RequestClass.Live);
        await pipeline.MarkGapAsync(new MediaRange(MediaTime.FromSeconds(2.2), MediaTime.FromSeconds(62.2)));
        await pipeline.PushAsync(MediaTime.FromSeconds(62.2), Sounds.Syllables(4, 1), RequestClass.Live);
        await pipeline.CompleteAsync();

        var segments = list.Of<SpeechSegment>();
        segments.Select(segment => segment.Cut).ShouldBe([UtteranceCut.MediaGap, UtteranceCut.EndOfMedia]);
        segments[0].Range.ShouldBe(new MediaRange(MediaTime.Zero, MediaTime.FromSeconds(2.2)));
        segments[1].Range.Start.ShouldBe(MediaTime.FromSeconds(62.2));
        list.Of<UtteranceProsody>()[1].PauseBefore.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Sound_that_overlaps_is_heard_once()
    {
        var list = new ObservationList();
        await using var pipeline = Create(list, new ScriptedRecognizer(), Everything);
        var sound = Sounds.Join(Sounds.Syllables(4, 2), Sounds.Silence(1));
        await pipeline.PushAsync(MediaTime.Zero, sound.AsMemory(0, 32_000), RequestClass.Live);
        await pipeline.PushAsync(MediaTime.FromSeconds(1), sound.AsMemory(16_000), RequestClass.Live);
        await pipeline.CompleteAsync();

        list.All.ShouldBe(await RunAsync(sound, new ScriptedRecognizer()));
    }

    [Fact]
    public async Task A_stage_marker_ends_the_utterance_and_the_next_answer_begins_behind_it()
    {
        var list = new ObservationList();
        await using var pipeline = Create(list, new ScriptedRecognizer(), Everything);
        await pipeline.BeginAnswerAsync(MediaTime.Zero);
        await pipeline.PushAsync(MediaTime.Zero, Sounds.Syllables(4, 2), RequestClass.Live);
        await pipeline.EndSegmentAsync(MediaTime.FromSeconds(2), UtteranceCut.StageEnd);
        await pipeline.FlushAsync();
        list.Of<UtteranceTranscript>().Count.ShouldBe(1);

        await pipeline.BeginAnswerAsync(MediaTime.FromSeconds(2.5));
        await pipeline.PushAsync(MediaTime.FromSeconds(2), Sounds.Syllables(4, 2), RequestClass.Live);
        await pipeline.CompleteAsync();

        var segments = list.Of<SpeechSegment>();
        segments[0].ShouldBe(new SpeechSegment(new MediaRange(MediaTime.Zero, MediaTime.FromSeconds(2)), UtteranceCut.StageEnd) { Confidence = segments[0].Confidence });
        segments[1].Range.Start.ShouldBeGreaterThanOrEqualTo(MediaTime.FromSeconds(2.5));
        list.Of<UtteranceProsody>().ShouldAllBe(prosody => prosody.PauseBefore == TimeSpan.Zero);
    }

    [Fact]
    public async Task Twenty_seconds_of_silence_inside_an_answer_are_told_once_and_outside_never()
    {
        var list = new ObservationList();
        await using var pipeline = Create(list, new ScriptedRecognizer(), Everything);
        await pipeline.PushAsync(MediaTime.Zero, Sounds.Silence(30), RequestClass.Live);
        await pipeline.BeginAnswerAsync(MediaTime.FromSeconds(30));
        await pipeline.PushAsync(MediaTime.FromSeconds(30), Sounds.Silence(45), RequestClass.Live);
        await pipeline.CompleteAsync();

        var warning = list.Of<QualityWarning>().ShouldHaveSingleItem();
        warning.Warning.ShouldBe(WarningKind.NoSound);
        warning.Range.Start.ShouldBe(MediaTime.FromSeconds(30));
        warning.Range.Duration.TotalSeconds.ShouldBe(20, 0.05);
    }

    [Fact]
    public async Task Quiet_clipped_noisy_and_musical_sound_is_told_once_an_episode()
    {
        var quiet = Sounds.Syllables(4, 6).Select(sample => sample * 0.01f).ToArray();
        var clipped = Sounds.Syllables(4, 6).Select(sample => Math.Clamp(sample * 20, -1, 1)).ToArray();

        // The voice's peaks stand 6 dB over the noise, whose mean square is 8.3e-4.
        var noise = Sounds.WhiteNoise(12, 3, 0.05);
        var noisy = Sounds.Syllables(4, 10).Select((sample, i) => sample * 0.4f + noise[i]).ToArray();

        (await WarningsAsync(quiet, 1e-9)).ShouldBe([WarningKind.TooQuiet]);
        (await WarningsAsync(clipped, 1e-6)).ShouldContain(WarningKind.Clipped);
        (await WarningsAsync(Sounds.Join(noise[..60_000], noisy, noise[..20_000]), 1.2e-3)).ShouldContain(WarningKind.Noisy);
        (await WarningsAsync(Sounds.Melody(20, 4), 10)).ShouldBe([WarningKind.Music]);
        (await WarningsAsync(Interview, 1e-6)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Music_is_never_given_to_the_recogniser()
    {
        var recognizer = new ScriptedRecognizer();

        var observations = await RunAsync(Sounds.Join(Sounds.Chords(6), Sounds.Silence(1)), recognizer);

        recognizer.CallCount.ShouldBe(0);
        observations.OfType<UtteranceTranscript>().ShouldAllBe(transcript => transcript.Text.Length == 0 && transcript.Rejected == TranscriptGate.Music);
        observations.OfType<UtteranceTranscript>().ShouldNotBeEmpty();
        observations.OfType<UtteranceProsody>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Text_without_certainty_is_withheld_with_the_reason()
    {
        (await RejectedAsync(ScriptedRecognizer.Speech("thank you for watching", -1.5))).ShouldBe(TranscriptGate.LowConfidence);
        (await RejectedAsync(ScriptedRecognizer.Speech("no no no no no no", -0.2, repetition: new TokenRepetition(1, 6)))).ShouldBe(TranscriptGate.Repetition);
        (await RejectedAsync(ScriptedRecognizer.Speech("and and so on and", -0.8, hitTokenLimit: true))).ShouldBe(TranscriptGate.TokenLimit);
        (await RejectedAsync(ScriptedRecognizer.Speech("...", -0.2))).ShouldBe(TranscriptGate.NoWords);
        (await RejectedAsync(RecognizedSpeech.Nothing)).ShouldBe(TranscriptGate.NoWords);
        (await RejectedAsync(ScriptedRecognizer.Speech("a", -0.2), seconds: 8)).ShouldBe(TranscriptGate.TooFewTokens);
        (await RejectedAsync(ScriptedRecognizer.Speech("two nine three four zero", -0.3, hitTokenLimit: true))).ShouldBeNull();
    }

    [Fact]
    public async Task One_sample_and_no_sample_are_interviews_too()
    {
        (await RunAsync([], new ScriptedRecognizer())).ShouldBeEmpty();
        (await RunAsync([0.5f], new ScriptedRecognizer())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Disposing_in_the_middle_waits_for_what_is_under_way()
    {
        var recognizer = new ScriptedRecognizer(_ => new TaskCompletionSource<RecognizedSpeech>().Task);
        var pipeline = Create(new ObservationList(), recognizer, Everything);
        await PushAsync(pipeline, Interview, 16_000);

        await pipeline.DisposeAsync();

        pipeline.Completion.IsCompleted.ShouldBeTrue();
    }

    internal static AudioPipeline Create(
        IObservationSink sink, ISpeechRecognizer? recognizer, Modality permitted, KnownObservations? known = null, Action<AudioPipelineOptions>? configure = null,
        double speechThreshold = 1e-6, EnergyActivity? activity = null)
    {
        var options = new AudioPipelineOptions();
        configure?.Invoke(options);
        var context = new AudioPipelineContext(
            "i-1", permitted, recognizer is null ? "zh" : "en", null!, recognizer, recognizer is null ? "no model for zh" : null, sink, options, known ?? KnownObservations.None);
        return new AudioPipeline(context, activity ?? new EnergyActivity(speechThreshold));
    }

    internal static async Task PushAsync(AudioPipeline pipeline, float[] sound, int pieceSamples)
    {
        for (var at = 0; at < sound.Length; at += pieceSamples)
        {
            var piece = sound.AsMemory(at, Math.Min(pieceSamples, sound.Length - at));
            await pipeline.PushAsync(MediaTime.FromSamples(at, Sounds.Rate), piece, RequestClass.Live);
        }
    }

    private static async Task<IReadOnlyList<Observation>> RunAsync(
        float[] sound, ISpeechRecognizer? recognizer, Modality permitted = Everything, int pieceSamples = 320, KnownObservations? known = null,
        Action<AudioPipelineOptions>? configure = null, double speechThreshold = 1e-6)
    {
        var list = new ObservationList();
        await using var pipeline = Create(list, recognizer, permitted, known, configure, speechThreshold);
        await PushAsync(pipeline, sound, pieceSamples);
        await pipeline.CompleteAsync();
        return list.All;
    }

    private static async Task<IEnumerable<WarningKind>> WarningsAsync(float[] sound, double speechThreshold) =>
        (await RunAsync(sound, new ScriptedRecognizer(), speechThreshold: speechThreshold)).OfType<QualityWarning>().Select(warning => warning.Warning);

    private static async Task<string?> RejectedAsync(RecognizedSpeech speech, double seconds = 2)
    {
        var sound = Sounds.Join(Sounds.Silence(0.5), Sounds.Syllables(4, seconds), Sounds.Silence(1));
        var transcript = (await RunAsync(sound, new ScriptedRecognizer(_ => Task.FromResult(speech)))).OfType<UtteranceTranscript>().Single();
        (transcript.Text.Length == 0).ShouldBe(transcript.Rejected is not null);
        return transcript.Rejected;
    }
}
