using MediaScore.Inference;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Sessions.Capacity;
using MediaScore.Recording;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions.Capacity;

public sealed class LoadProbeTests
{
    private readonly FakeTimeProvider _time = new();
    private CpuClocks _clocks = new(ProcessSeconds: 100, CompilerSeconds: 20, MachineSeconds: 5000);
    private TimeSpan _passes = TimeSpan.Zero;
    private double _pool;

    [Fact]
    public void Work_that_can_wait_and_what_was_compiled_are_left_out()
    {
        var probe = Probe();
        var first = probe.Read();
        (_clocks, _pool, _passes) = (new CpuClocks(160, 23, 5000), 30, TimeSpan.FromSeconds(5));

        var second = probe.Read();

        (second.PoolSeconds - first.PoolSeconds).ShouldBe(3, 1e-9, "nine tenths could wait");
        (second.CpuSeconds - first.CpuSeconds).ShouldBe(60 - 27 - 5 - 3, 1e-9);
    }

    [Fact]
    public void What_the_machine_did_beside_this_process_was_others_and_never_less_than_nothing()
    {
        var probe = Probe();
        var first = probe.Read();
        _clocks = new CpuClocks(101, 20, 5003);
        var second = probe.Read();
        _clocks = new CpuClocks(102.004, 20, 5004);
        var third = probe.Read();
        _clocks = new CpuClocks(103, 20, null);
        var silent = probe.Read();

        (first.OthersCpuSeconds, second.OthersCpuSeconds).ShouldBe((0, 2));
        third.OthersCpuSeconds.ShouldBe(2);
        silent.OthersCpuSeconds.ShouldBe(2);
    }

    [Fact]
    public void Interviews_count_by_the_time_that_they_were_there_and_waits_and_rounds_as_they_are()
    {
        var probe = Probe();
        var first = probe.Read();
        _time.Advance(TimeSpan.FromSeconds(2));

        var second = probe.Read();

        (second.At - first.At).ShouldBe(TimeSpan.FromSeconds(2));
        (second.SettledSeconds - first.SettledSeconds, second.NewSeconds - first.NewSeconds).ShouldBe((10, 6));
        (second.LiveRows, second.SampledRows, second.SampledDropped, second.LiveOldestWaitSeconds).ShouldBe((8, 10, 4, 0.7));
        (second.FlushRounds, second.FlushRoundSeconds, second.FlushRoundAgeSeconds).ShouldBe((7, 3, 0.4));
    }

    private LoadProbe Probe() => new(
        () => _clocks,
        () => new PoolStatistics(2, [Model(_pool / 2) with { OldestLiveWaitSeconds = 0.7 }, Model(_pool / 2) with { OldestLiveWaitSeconds = 0.2 }]),
        () => _passes,
        () => new GroupCommitStatistics(7, 80, TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.4)),
        () => new ConnectedInterviews(New: 3, Settled: 5),
        _time);

    private static ModelStatistics Model(double seconds) =>
        new("m", 10, 2, 0, 0, 0, 0, seconds, true, 0, 0) { DeferredComputeSeconds = seconds * 0.9, LiveRows = 4, LiveQueueSeconds = 1, SampledRequests = 5 };
}
