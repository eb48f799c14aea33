using MediaScore.Inference;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Sessions.Capacity;
using MediaScore.Recording;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions.Capacity;

public sealed class LoadProbeTests
{
    [Fact]
    public void Work_that_can_wait_is_left_out_and_interviews_are_counted_by_the_time_that_they_were_there()
    {
        var time = new FakeTimeProvider();
        var (pool, passes, connected) = (0.0, TimeSpan.Zero, new ConnectedInterviews(New: 3, Settled: 5));
        var probe = new LoadProbe(() => Pool(pool), () => passes, () => new GroupCommitStatistics(7, 80, TimeSpan.FromSeconds(16)), flushThreads: 8, () => connected, time);
        var first = probe.Read();
        time.Advance(TimeSpan.FromSeconds(2));
        (pool, passes) = (1000, TimeSpan.FromSeconds(500));

        var second = probe.Read();

        (second.At - first.At).ShouldBe(TimeSpan.FromSeconds(2));
        (second.SettledSeconds - first.SettledSeconds, second.NewSeconds - first.NewSeconds).ShouldBe((10, 6));
        (second.PoolSeconds - first.PoolSeconds).ShouldBe(100, 1e-9, "nine tenths could wait");
        (second.CpuSeconds - first.CpuSeconds).ShouldBe(-900 - 500, 100, "this process has not really used them");
        (second.LiveRows, second.SampledRows, second.SampledDropped).ShouldBe((4, 5, 2));
        (second.FlushRounds, second.FlushRoundSeconds).ShouldBe((7, 2));
    }

    private static PoolStatistics Pool(double seconds) =>
        new(2, [new ModelStatistics("m", 10, 2, 0, 0, 0, 0, seconds, true, 0, 0) { DeferredComputeSeconds = seconds * 0.9, LiveRows = 4, LiveQueueSeconds = 1, SampledRequests = 5 }]);
}
