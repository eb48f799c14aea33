using System.Runtime.InteropServices;
using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Audio;

public sealed class EarlyRecognitionTests : IDisposable
{
    private const int FrameSamples = Sounds.Rate / 50;

    // The pause of half a second is long enough to begin early, and does not end the utterance.
    private static readonly float[] WithPause = Sounds.Join(Sounds.Syllables(3, 2), Sounds.Silence(0.5), Sounds.Syllables(4, 2), Sounds.Silence(1));

    private readonly PipelineCosts _costs = new(TimeProvider.System);
    private readonly ObservationList _list = new();

    [Fact]
    public async Task Words_are_known_when_the_closing_silence_is_over()
    {
        var recognizer = new ListeningRecognizer();
        await using var pipeline = Create(recognizer);

        await PushLiveAsync(pipeline, Sounds.Join(Sounds.Syllables(3, 2), Sounds.Silence(0.5)));
        recognizer.Calls.ShouldBe(1);
        _list.All.ShouldBeEmpty();
        await PushLiveAsync(pipeline, Sounds.Silence(0.5), at: 2.5);

        recognizer.Calls.ShouldBe(1);
        _list.Of<UtteranceTranscript>().ShouldHaveSingleItem().Text.ShouldNotBeEmpty();
        _costs.Recognition.Count(EarlyOutcome.Used).ShouldBe(1);
        _costs.Recognition.UnderWay.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(192)]
    [InlineData(448)]
    public async Task Beginning_early_changes_no_observation(int silenceMs)
    {
        var expected = new ObservationList();
        await using var late = Create(new ListeningRecognizer(), options => options.EarlyRecognitionSilenceMs = 5_000, expected);
        await PushLiveAsync(late, WithPause);
        await late.CompleteAsync();

        await using var early = Create(new ListeningRecognizer(), options => options.EarlyRecognitionSilenceMs = silenceMs);
        await PushLiveAsync(early, WithPause);
        await early.CompleteAsync();

        _list.All.ShouldBe(expected.All);
        _costs.Recognition.Count(EarlyOutcome.Used).ShouldBe(1);
        _costs.Recognition.Count(EarlyOutcome.Abandoned).ShouldBe(1);
    }

    [Fact]
    public async Task Speech_that_goes_on_cancels_what_was_begun_at_once()
    {
        var recognizer = new ListeningRecognizer { Hold = true };
        await using var pipeline = Create(recognizer);
        await PushLiveAsync(pipeline, Sounds.Join(Sounds.Syllables(3, 2), Sounds.Silence(0.5)));
        recognizer.Cancelled.Task.IsCompleted.ShouldBeFalse();

        await PushLiveAsync(pipeline, Sounds.Syllables(4, 0.1), at: 2.5);

        await recognizer.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _costs.Recognition.Count(EarlyOutcome.Abandoned).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_begun_early_while_much_is_under_way()
    {
        var recognizer = new ListeningRecognizer();
        await using var pipeline = Create(recognizer);
        while (_costs.Recognition.HasRoomForEarly)
            _costs.Recognition.Begin();

        await PushLiveAsync(pipeline, Sounds.Join(Sounds.Syllables(3, 2), Sounds.Silence(0.5)));
        recognizer.Calls.ShouldBe(0);
        await PushLiveAsync(pipeline, Sounds.Silence(0.5), at: 2.5);

        recognizer.Calls.ShouldBe(1);
        _costs.Recognition.Count(EarlyOutcome.Skipped).ShouldBe(1);
    }

    [Fact]
    public async Task A_recording_that_is_read_again_begins_nothing_early()
    {
        var recognizer = new ListeningRecognizer();
        await using var pipeline = Create(recognizer);

        await PushLiveAsync(pipeline, WithPause, requestClass: RequestClass.Deferred);

        recognizer.Calls.ShouldBe(1);
        _costs.Recognition.Count(EarlyOutcome.Used).ShouldBe(0);
    }

    [Fact]
    public async Task An_utterance_that_was_begun_live_and_ends_in_what_is_read_from_the_recording_is_recognised_once()
    {
        var recognizer = new ListeningRecognizer();
        await using var pipeline = Create(recognizer);
        await PushLiveAsync(pipeline, Sounds.Join(Sounds.Syllables(3, 2), Sounds.Silence(0.5)));
        recognizer.Calls.ShouldBe(1);

        await PushLiveAsync(pipeline, Sounds.Silence(0.5), at: 2.5, RequestClass.Deferred);

        recognizer.Calls.ShouldBe(1);
        _list.Of<UtteranceTranscript>().ShouldHaveSingleItem().Text.ShouldNotBeEmpty();
        _costs.Recognition.Count(EarlyOutcome.Used).ShouldBe(1);
        _costs.Recognition.Count(EarlyOutcome.Abandoned).ShouldBe(0);
    }

    [Fact]
    public async Task An_utterance_that_nobody_analyses_gives_up_what_was_begun_of_it_and_waits_for_it()
    {
        var recognizer = new ListeningRecognizer { Hold = true };
        var counters = new RecognitionCounters();
        var sound = Sounds.Syllables(3, 2);
        var span = new UtteranceSpan(0, sound.Length, 0, sound.Length, UtteranceCut.Silence, [], FirstWindowStart: 0);
        var early = EarlyRecognition.Begin(recognizer, span, sound, TimeSpan.Zero, counters, TestContext.Current.CancellationToken);
        var utterance = new Utterance(span, sound, noisePower: null, TimeSpan.Zero, RequestClass.Deferred, early);

        await utterance.DisposeAsync();

        recognizer.Cancelled.Task.IsCompletedSuccessfully.ShouldBeTrue();
        counters.Count(EarlyOutcome.Abandoned).ShouldBe(1);
        counters.UnderWay.ShouldBe(0);
    }

    [Fact]
    public async Task A_recogniser_that_fails_early_is_a_fault_of_that_utterance()
    {
        await using var pipeline = Create(new ListeningRecognizer { Failure = new InferenceFailedException("moonshine", "out of luck") });

        await PushLiveAsync(pipeline, WithPause);
        await pipeline.CompleteAsync();

        _list.Of<AnalysisFault>().ShouldHaveSingleItem().Component.ShouldBe("recognizer");
        _list.Of<SpeechSegment>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_end_of_the_answer_inside_the_silence_uses_what_was_begun()
    {
        var recognizer = new ListeningRecognizer();
        await using var pipeline = Create(recognizer);
        await PushLiveAsync(pipeline, Sounds.Join(Sounds.Syllables(3, 2), Sounds.Silence(0.5)));

        await pipeline.EndSegmentAsync(MediaTime.FromSeconds(2.5), UtteranceCut.StageEnd);
        await pipeline.FlushAsync();

        recognizer.Calls.ShouldBe(1);
        _list.Of<SpeechSegment>().ShouldHaveSingleItem().Cut.ShouldBe(UtteranceCut.StageEnd);
        _costs.Recognition.Count(EarlyOutcome.Used).ShouldBe(1);
    }

    [Fact]
    public async Task Disposing_cancels_what_was_begun_early_and_waits_for_it()
    {
        var recognizer = new ListeningRecognizer { Hold = true };
        var pipeline = Create(recognizer);
        await PushLiveAsync(pipeline, Sounds.Join(Sounds.Syllables(3, 2), Sounds.Silence(0.5)));
        recognizer.Calls.ShouldBe(1);

        await pipeline.DisposeAsync();

        recognizer.Cancelled.Task.IsCompletedSuccessfully.ShouldBeTrue();
        _costs.Recognition.UnderWay.ShouldBe(0);
    }

    public void Dispose() => _costs.Dispose();

    private AudioPipeline Create(ISpeechRecognizer recognizer, Action<AudioPipelineOptions>? configure = null, ObservationList? list = null)
    {
        var options = new AudioPipelineOptions();
        configure?.Invoke(options);
        var context = new AudioPipelineContext(
            "i-1", Modality.Audio | Modality.Transcript | Modality.Prosody, "en", null!, recognizer, null, list ?? _list, options, KnownObservations.None)
        { Costs = _costs };
        return new AudioPipeline(context, new EnergyActivity());
    }

    /// <summary>Frame by frame, each of them analysed before the next one comes.</summary>
    private static async Task PushLiveAsync(AudioPipeline pipeline, float[] sound, double at = 0, RequestClass requestClass = RequestClass.Live)
    {
        for (var first = 0; first < sound.Length; first += FrameSamples)
        {
            var frame = sound.AsMemory(first, Math.Min(FrameSamples, sound.Length - first));
            await pipeline.PushAsync(MediaTime.FromSeconds(at) + MediaTime.FromSamples(first, Sounds.Rate).ToTimeSpan(), frame, requestClass);
            await pipeline.FlushAsync();
        }
    }

    /// <summary>Writes what depends on each bit of the sound.</summary>
    private sealed class ListeningRecognizer : ISpeechRecognizer
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public bool Hold { get; init; }

        public Exception? Failure { get; init; }

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Language => "en";

        public string ModelId => "listening";

        public string ModelVersion => "1";

        public async ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            await Task.Yield();
            if (Failure is not null)
                throw Failure;
            if (Hold)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Cancelled.SetResult();
                cancellationToken.ThrowIfCancellationRequested();
            }

            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(samples.Span));
            return ScriptedRecognizer.Speech($"heard {samples.Length} samples {hash.ToHashCode()} just so");
        }
    }
}
