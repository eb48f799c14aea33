using MediaScore.Pipelines.Session;
using MediaScore.Pipelines.Tests.Audio;
using MediaScore.Timeline;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Pipelines.Tests.Session;

/// <summary>The bytes of the whole process are counted, since the way goes over many threads: nothing else may run beside it.</summary>
[Collection(Alone)]
public sealed class SessionAllocationTests(PreparedModelsFixture models)
{
    public const string Alone = "allocation of the process";

    private const int FrameCount = 250;

    // A chunk of the recording each second, and what waits where two threads meet. The waiters and states that a frame once had were 1,200 bytes.
    private const double AllowedBytes = 96;

    [Fact]
    public async Task A_frame_of_sound_is_recorded_analysed_and_judged_without_an_object_of_its_own()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        Assert.SkipWhen(AudioAllocationTests.StateMachinesAreObjects, "Needs a release build: dotnet test -c Release");

        // A clock that stands: a busy machine would send more acknowledgements a frame than a quiet one.
        await using var harness = new SessionHarness { VoiceActivity = models.VoiceActivity, Time = new FakeTimeProvider() };
        await using var session = await harness.OpenAsync(Modality.Audio);
        using var connection = session.Connect([SessionHarness.Pcm]);

        var frames = Enumerable.Range(0, FrameCount).Select(i => SessionHarness.Audio((ulong)i)).ToArray();
        var next = 0UL;
        var lost = 0;
        await SendAsync();
        await SendAsync();
        var least = double.MaxValue;
        for (var i = 0; i < 4 && least > AllowedBytes; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await SendAsync();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)FrameCount);
        }

        lost.ShouldBe(0);
        least.ShouldBeLessThan(AllowedBytes);

        async Task SendAsync()
        {
            for (var i = 0; i < FrameCount; i++)
            {
                var packet = frames[i] with { Sequence = next, MediaTimeUs = (long)next * 20_000 };
                next++;
                // An assertion here would be four hundred bytes: more than all that is counted.
                if ((await connection.AcceptAsync(packet, CancellationToken.None)).Outcome != PacketOutcome.Recorded)
                    lost++;
                while (session.QueueDepth > 0)
                    await Task.Yield();
            }
        }
    }
}

[CollectionDefinition(SessionAllocationTests.Alone, DisableParallelization = true)]
public sealed class SessionAllocationCollection : ICollectionFixture<PreparedModelsFixture>;
