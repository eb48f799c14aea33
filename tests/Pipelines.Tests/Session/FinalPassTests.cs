using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.FinalPass;
using MediaScore.Pipelines.Session;
using MediaScore.Pipelines.Tests.Audio;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

/// <summary>What follows the end of an interview, whatever became of its live analysis and of its process.</summary>
[Collection(PreparedModelsTests.Name)]
public sealed class FinalPassTests(PreparedModelsFixture models)
{
    private const int PacketSamples = 320;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_interview_whose_process_died_right_after_its_end_comes_to_the_same_observations()
    {
        SkipWithoutSpeech();
        await using var undisturbed = Harness(new ScriptedRecognizer());
        await using var died = Harness(new ScriptedRecognizer(_ => new TaskCompletionSource<RecognizedSpeech>().Task));
        var expected = await ObserveAsync(undisturbed);

        await using (var session = await died.OpenAsync())
            await PlayAsync(session);
        died.Recognizer = new ScriptedRecognizer();
        await using var reopened = await died.OpenAsync();
        await reopened.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Said(reopened.Observations).ShouldBe(Said(expected));
    }

    [Fact]
    public async Task While_all_turns_are_taken_an_interview_waits_with_its_media_on_disk_and_a_restart_finishes_it()
    {
        SkipWithoutSpeech();
        await using var undisturbed = Harness(new ScriptedRecognizer());
        var expected = await ObserveAsync(undisturbed);
        using var closed = new FinalPassQueue(new FinalPassOptions { Concurrency = 0 }, TimeProvider.System);
        using var open = new FinalPassQueue(new FinalPassOptions(), TimeProvider.System);
        await using var harness = Harness(new ScriptedRecognizer());
        harness.FinalPasses = closed;

        await using (var session = await harness.OpenAsync())
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            var waiting = SessionHarness.NextAsync<ProgressMade>(connection, progress => progress is { Step: "final pass", Share: 0 });
            await PlayAsync(connection);
            await waiting;
            session.Completion.IsCompleted.ShouldBeFalse();
            session.Observations.ShouldNotContain(o => o is FinalPassDone);
        }

        closed.WaitingCount.ShouldBe(0);
        harness.FinalPasses = open;
        await using var reopened = await harness.OpenAsync();
        await reopened.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Said(reopened.Observations).ShouldBe(Said(expected));
        open.DoneCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_refined_interview_has_a_second_transcript_beside_each_live_one_and_the_second_one_counts()
    {
        SkipWithoutSpeech();
        await using var harness = Harness(new ScriptedRecognizer("live words."));
        var refiner = new ScriptedRecognizer("better words.");
        harness.Refiner = refiner;

        var observed = await ObserveAsync(harness, SpeechRecognizers.RefinedTier);

        // The last one too, which the end of the answer closes.
        refiner.Classes.ShouldAllBe(requestClass => requestClass == RequestClass.Deferred);

        var transcripts = observed.OfType<UtteranceTranscript>().ToLookup(t => t.Refined);
        transcripts[true].Select(t => t.Range).ShouldBe(transcripts[false].Where(t => t.Text.Length > 0).Select(t => t.Range));
        transcripts[true].ShouldAllBe(t => t.Text == "better words.");
        StandingTranscripts.Of(transcripts.SelectMany(t => t)).Where(t => t.Text.Length > 0).ShouldAllBe(t => t.Refined);
        observed.OfType<UtteranceProsody>().Select(p => p.Range).ShouldBeUnique();
    }

    [Fact]
    public async Task A_caption_comes_once_an_utterance_also_where_it_is_heard_twice()
    {
        SkipWithoutSpeech();
        await using var harness = Harness(new ScriptedRecognizer("live words."));
        harness.Refiner = new ScriptedRecognizer("better words.");
        var captions = new List<CaptionHeard>();
        await using var session = await harness.OpenAsync(tier: SpeechRecognizers.RefinedTier);
        using var observer = session.Observe(told =>
        {
            // On the session's loops, one at a time.
            if (told is CaptionHeard caption)
                captions.Add(caption);
        });

        await PlayAsync(session);
        await session.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);

        captions.ShouldAllBe(caption => caption.Text == "live words.");
        captions.Select(caption => caption.Range).ShouldBe(session.Observations.OfType<UtteranceTranscript>().Where(t => t.Refined).Select(t => t.Range));
        captions.Count.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_refinement_that_was_cut_off_asks_only_for_what_is_not_yet_durable()
    {
        SkipWithoutSpeech();
        using var closed = new FinalPassQueue(new FinalPassOptions { Concurrency = 0 }, TimeProvider.System);
        await using var harness = Harness(new ScriptedRecognizer("live words."));
        harness.Refiner = new ScriptedRecognizer("better words.");
        harness.FinalPasses = closed;
        IReadOnlyList<UtteranceTranscript> live;
        await using (var session = await harness.OpenAsync(tier: SpeechRecognizers.RefinedTier))
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            await BeginAsync(connection);

            // Heard live: an interview that is over before its analysis has begun is only read by the final pass.
            await SessionHarness.NextAsync<StageChanged>(connection, stage => stage.Active);
            var waiting = SessionHarness.NextAsync<ProgressMade>(connection, progress => progress is { Step: "final pass", Share: 0 });
            await SpeakAsync(connection);
            await waiting;
            live = [.. session.Observations.OfType<UtteranceTranscript>().Where(t => t.Text.Length > 0)];
        }

        // What a process left that died while it refined the third.
        live.Count.ShouldBeGreaterThan(2);
        await using (var timeline = await harness.OpenTimelineAsync())
        {
            foreach (var transcript in live.Take(2))
                await timeline.AppendAsync(transcript with { Text = "better words.", Refined = true });
        }

        harness.FinalPasses = null;
        var goesOn = new ScriptedRecognizer("better words.");
        harness.Refiner = goesOn;
        await using var reopened = await harness.OpenAsync(tier: SpeechRecognizers.RefinedTier);
        await reopened.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);

        var transcripts = reopened.Observations.OfType<UtteranceTranscript>().ToLookup(t => t.Refined);
        transcripts[true].Select(t => t.Range).ShouldBe(transcripts[false].Where(t => t.Text.Length > 0).Select(t => t.Range));
        goesOn.CallCount.ShouldBe(transcripts[true].Count() - 2);
    }

    [Fact]
    public async Task Where_the_larger_recogniser_fails_or_is_missing_what_was_heard_live_stands()
    {
        SkipWithoutSpeech();
        await using var missing = Harness(new ScriptedRecognizer());
        await using var failing = Harness(new ScriptedRecognizer());
        var fails = new ScriptedRecognizer(_ => Task.FromException<RecognizedSpeech>(new InferenceFailedException("scripted", "out of memory")));
        failing.Refiner = fails;

        var expected = await ObserveAsync(missing, SpeechRecognizers.RefinedTier);
        var observed = await ObserveAsync(failing, SpeechRecognizers.RefinedTier);

        var faults = observed.OfType<AnalysisFault>().ToList();
        faults.Count.ShouldBe(fails.CallCount);
        faults.ShouldAllBe(fault => fault.Component == UtteranceAnalyzer.RefinerComponent);
        Said(observed.Where(o => o is not AnalysisFault)).ShouldBe(Said(expected));
    }

    [Fact]
    public async Task An_utterance_that_the_recogniser_does_not_answer_in_time_is_left_to_the_final_pass()
    {
        SkipWithoutSpeech();
        await using var undisturbed = Harness(new ScriptedRecognizer());
        var expected = await ObserveAsync(undisturbed);
        await using var harness = Harness(new ScriptedRecognizer(call =>
            call == 0 ? new TaskCompletionSource<RecognizedSpeech>().Task : Task.FromResult(ScriptedRecognizer.Speech("yes, it works."))));
        harness.AudioOptions.LiveRecognitionSeconds = 1;
        harness.AudioOptions.EarlyRecognitionSilenceMs = harness.AudioOptions.EndSilenceMs;

        var observed = await ObserveAsync(harness);

        var fault = observed.OfType<AnalysisFault>().ShouldHaveSingleItem();
        fault.Fault.ShouldBe("no answer in time");
        observed.OfType<UtteranceTranscript>().ShouldContain(transcript => transcript.Range == fault.Range);
        Said(observed.Where(o => o is not AnalysisFault)).ShouldBe(Said(expected));
    }

    private static string? SpeechPath => SharedTestData.TryFind("speech-en", "misc", "OSR_us_000_0034_8k.flac");

    private SessionHarness Harness(ISpeechRecognizer recognizer) => new() { VoiceActivity = models.VoiceActivity, Recognizer = recognizer };

    private void SkipWithoutSpeech()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SpeechPath is null, SharedTestData.SkipReason);
    }

    /// <summary>In a stable order: what was found late stands behind the rest.</summary>
    private static List<string> Said(IEnumerable<Observation> observations) =>
    [
        .. observations.Where(o => o is not ConnectionChanged)
            .Select(o => System.Text.Encoding.UTF8.GetString(ObservationSerializer.Write(o)))
            .Order(StringComparer.Ordinal),
    ];

    private static async Task<IReadOnlyList<Observation>> ObserveAsync(SessionHarness harness, string tier = SpeechRecognizers.DefaultTier)
    {
        await using var session = await harness.OpenAsync(tier: tier);
        await PlayAsync(session);
        await session.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return session.Observations;
    }

    private static async Task PlayAsync(InterviewSession session)
    {
        using var connection = session.Connect([SessionHarness.Pcm]);
        await PlayAsync(connection);
    }

    private static async Task PlayAsync(MediaConnection connection)
    {
        await BeginAsync(connection);
        await SpeakAsync(connection);
    }

    private static async Task BeginAsync(MediaConnection connection) =>
        await connection.AcceptMarkerAsync(0, 0, "stage-1", "q1", 1, begins: true, CancellationToken.None);

    private static async Task SpeakAsync(MediaConnection connection)
    {
        var sound = (await SpokenSound.DecodeAsync(SpeechPath!)).AsMemory(0, 15 * Sounds.Rate);
        for (var i = 0; i < sound.Length / PacketSamples; i++)
            await connection.AcceptAsync(SessionHarness.Audio((ulong)i, sound.Span.Slice(i * PacketSamples, PacketSamples)), CancellationToken.None);
        await connection.EndAsync(1, 15_000_000, InterviewEndReason.ClientEnded, CancellationToken.None);
    }
}
