using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Session;
using MediaScore.Pipelines.Tests.Audio;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

/// <summary>What a failing model left out is in the recording and is asked for again before the interview is done.</summary>
[Collection(PreparedModelsTests.Name)]
public sealed class SecondPassTests(PreparedModelsFixture models)
{
    private const int PacketSamples = 320;

    [Fact]
    public async Task An_utterance_on_which_the_recogniser_failed_is_asked_again_and_nothing_is_said_twice()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SpeechPath is null, SharedTestData.SkipReason);

        var undisturbed = await ObserveAsync(new ScriptedRecognizer());
        var observed = await ObserveAsync(new ScriptedRecognizer(call =>
            call == 1 ? Task.FromException<RecognizedSpeech>(new InferenceFailedException("scripted", "out of memory")) : Task.FromResult(ScriptedRecognizer.Speech("yes, it works."))));

        undisturbed.OfType<UtteranceTranscript>().Count().ShouldBeGreaterThan(2);
        var fault = observed.OfType<AnalysisFault>().ShouldHaveSingleItem();
        observed.OfType<UtteranceTranscript>().ShouldContain(transcript => transcript.Range == fault.Range);
        Said(observed.Where(o => o is not AnalysisFault)).ShouldBe(Said(undisturbed));
        observed[^1].ShouldBeOfType<FinalPassDone>();
    }

    [Fact]
    public async Task A_recogniser_that_fails_for_good_is_asked_once_more_and_the_fault_is_stated_once()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SpeechPath is null, SharedTestData.SkipReason);
        var recognizer = new ScriptedRecognizer(_ => Task.FromException<RecognizedSpeech>(new InferenceFailedException("scripted", "out of memory")));

        var observed = await ObserveAsync(recognizer);

        var faults = observed.OfType<AnalysisFault>().ToList();
        faults.Select(fault => fault.Range).ShouldBeUnique();
        recognizer.CallCount.ShouldBe(2 * faults.Count);
        observed.OfType<UtteranceTranscript>().Where(transcript => transcript.Rejected is null).ShouldBeEmpty();
        observed[^1].ShouldBeOfType<FinalPassDone>();
    }

    [Fact]
    public async Task A_recogniser_that_gives_up_by_itself_ends_neither_the_analysis_nor_the_evidence()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(SpeechPath is null, SharedTestData.SkipReason);

        var observed = await ObserveAsync(new ScriptedRecognizer(call =>
            call == 0 ? Task.FromException<RecognizedSpeech>(new OperationCanceledException("too late")) : Task.FromResult(ScriptedRecognizer.Speech("yes, it works."))));

        observed.OfType<AnalysisFault>().ShouldHaveSingleItem().Component.ShouldBe("recognizer");
        observed.OfType<UtteranceTranscript>().Select(transcript => transcript.Range).ShouldBe(observed.OfType<SpeechSegment>().Select(segment => segment.Range), ignoreOrder: true);
    }

    private static string? SpeechPath => SharedTestData.TryFind("speech-en", "misc", "OSR_us_000_0034_8k.flac");

    /// <summary>In a stable order: what was found late stands behind the rest.</summary>
    private static List<string> Said(IEnumerable<Observation> observations) =>
    [
        .. observations.Where(o => o is not ConnectionChanged)
            .Select(o => System.Text.Encoding.UTF8.GetString(ObservationSerializer.Write(o)))
            .Order(StringComparer.Ordinal),
    ];

    private async Task<IReadOnlyList<Observation>> ObserveAsync(ISpeechRecognizer recognizer)
    {
        var sound = (await SpokenSound.DecodeAsync(SpeechPath!)).AsMemory(0, 15 * Sounds.Rate);
        await using var harness = new SessionHarness { VoiceActivity = models.VoiceActivity, Recognizer = recognizer };

        // The packets come much faster than sound: what is begun early and given up would be counted as calls.
        harness.AudioOptions.EarlyRecognitionSilenceMs = 5_000;
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);
        await connection.AcceptMarkerAsync(0, 0, "stage-1", "q1", 1, begins: true, CancellationToken.None);

        // Heard live: an interview that is over before its analysis has begun is only read once.
        await SessionHarness.NextAsync<StageChanged>(connection, stage => stage.Active);
        for (var i = 0; i < sound.Length / PacketSamples; i++)
            await connection.AcceptAsync(SessionHarness.Audio((ulong)i, sound.Span.Slice(i * PacketSamples, PacketSamples)), CancellationToken.None);
        await connection.EndAsync(1, 15_000_000, InterviewEndReason.ClientEnded, CancellationToken.None);
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return session.Observations;
    }
}
