using MediaScore.Inference;
using MediaScore.Pipelines.Audio;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Audio;

/// <summary>Alone: the memory of the whole process is compared, and what other tests hold meanwhile would decide.</summary>
[CollectionDefinition(nameof(AudioAllocationTests), DisableParallelization = true)]
public sealed class AudioAllocationCollection;

[Collection(nameof(AudioAllocationTests))]
public class AudioAllocationTests
{
    // The compiler makes the state of an async method an object in a debug build and a struct in a release build, which is what runs and what CI tests.
#if DEBUG
    internal const bool StateMachinesAreObjects = true;
#else
    internal const bool StateMachinesAreObjects = false;
#endif

    [Fact]
    public async Task A_warm_pipeline_allocates_nothing_for_a_frame()
    {
        Assert.SkipWhen(StateMachinesAreObjects, "Needs a release build: dotnet test -c Release");

        // Speech all the time, no pause and no utterance closed within the measured frames: every frame takes the longest way that a frame can take.
        var context = new AudioPipelineContext(
            "i-1", Modality.Audio, "en", null!, null, null, new ObservationList(), new AudioPipelineOptions { LongestUtteranceSeconds = 30 }, KnownObservations.None);
        var analyzer = new UtteranceAnalyzer(context);
        await using var queue = new UtteranceQueue(context, analyzer, CancellationToken.None);
        await using var analysis = new SoundAnalysis(context, new EnergyActivity(), analyzer, queue);
        var frame = Sounds.Syllables(4, 0.02);
        var position = 0L;
        await AnalyzeAsync(29 * 50);
        await AnalyzeAsync(50 * 2);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var analyzed = AnalyzeAsync(20 * 50);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The detector of this test answers at once, so everything ran on this thread.
        analyzed.IsCompletedSuccessfully.ShouldBeTrue();
        await analyzed;
        allocated.ShouldBe(0);

        async Task AnalyzeAsync(int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                await analysis.AddAsync(position, frame, RequestClass.Live, CancellationToken.None);
                await analysis.ProcessAsync(RequestClass.Live, CancellationToken.None);
                position += frame.Length;
            }
        }
    }

    [Fact]
    public async Task Handing_a_frame_over_allocates_nothing()
    {
        var activity = new EnergyActivity();
        await using var pipeline = AudioPipelineTests.Create(
            new ObservationList(), null, Modality.Audio, configure: options => options.QueuedPieces = 1_024, activity: activity);
        var frame = Sounds.Silence(0.02);
        var position = 0L;

        // The same backlog again and again: the detector answers only when all frames are queued. The least counts, since a collection may empty the pool of buffers
        // between two of them.
        var least = long.MaxValue;
        for (var i = 0; i < 6 && least > 0; i++)
            least = Math.Min(least, await PushBacklogAsync());

        least.ShouldBe(0);

        async Task<long> PushBacklogAsync()
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            activity.Gate = gate.Task;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
            {
                var pushed = pipeline.PushAsync(MediaTime.FromSamples(position, Sounds.Rate), frame, RequestClass.Live);
                pushed.IsCompletedSuccessfully.ShouldBeTrue();
                await pushed;
                position += frame.Length;
            }

            var after = GC.GetAllocatedBytesForCurrentThread();
            gate.SetResult();
            await pipeline.FlushAsync();
            return after - before;
        }
    }

    [Fact]
    public async Task An_hour_of_sound_holds_no_more_memory_than_a_minute()
    {
        await using var pipeline = AudioPipelineTests.Create(new ObservationList(), null, Modality.Audio);
        var minute = Sounds.Join([.. Enumerable.Repeat(Sounds.Join(Sounds.Syllables(4, 3), Sounds.Silence(1)), 15)]);
        await pipeline.PushAsync(MediaTime.Zero, minute, RequestClass.Live);
        await pipeline.FlushAsync();
        var afterOne = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 1; i < 60; i++)
            await pipeline.PushAsync(MediaTime.FromSeconds(60 * i), minute, RequestClass.Live);
        await pipeline.FlushAsync();

        // The list of the test keeps 900 utterances' observations; the sound itself would be 230 MB.
        (GC.GetTotalMemory(forceFullCollection: true) - afterOne).ShouldBeLessThan(20_000_000);
    }
}
