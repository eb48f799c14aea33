using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Sessions.Capacity;

namespace MediaScore.MediaServer.Tests.Sessions.Capacity;

public sealed class CapacityEstimatorTests
{
    private readonly AdmissionOptions _options = new() { MaxCpuLoad = 0.9, MaxPoolLoad = 0.75, ExpectedCpuMs = 20, MaxLiveWaitMs = 100, MaxSampledDropShare = 0.1, MaxFlushRoundMs = 1000 };
    private readonly CapacityEstimator _estimator;
    private LoadReading _reading = new() { At = TimeSpan.FromSeconds(1) };

    public CapacityEstimatorTests() => _estimator = new CapacityEstimator(_options, cores: 2, machineCpus: 2, workerCount: 2);

    [Fact]
    public void An_empty_machine_holds_what_its_CPU_pays_for_at_the_expected_cost()
    {
        _estimator.Start.Interviews.ShouldBe(90, 1e-9); // 0.9 of two cores at 20 ms
        Pass(20, Idle).Interviews.ShouldBe(90, 1e-9);
    }

    [Fact]
    public void What_a_process_does_in_its_first_seconds_refuses_nobody()
    {
        Pass(4, Idle with { Cpu = 2 }).Interviews.ShouldBe(90, 1e-9);
    }

    [Theory]
    [InlineData(10, 10, 144)]
    [InlineData(50, 10, 169)]
    [InlineData(50, 15, 117)]
    [InlineData(50, 20, 90)]
    [InlineData(40, 40, 45)]
    public void What_an_interview_costs_is_measured_and_the_more_are_there_the_more_it_counts(int interviews, double costMs, double expected)
    {
        var estimate = Pass(300, Idle with { Interviews = interviews, Cpu = interviews * costMs / 1000, Pool = interviews * costMs / 4000 });

        estimate.Interviews.ShouldBe(expected, 1);
        estimate.CpuLoad.ShouldBe(interviews * costMs / 2000, 0.001);
    }

    [Fact]
    public void Those_who_have_just_begun_and_do_not_speak_yet_are_counted_at_what_they_will_cost()
    {
        Pass(30, Idle with { Newcomers = 60 }).Interviews.ShouldBe(90, 1e-9);
        Pass(30, Idle with { Newcomers = 60, Cpu = 0.4 }).Interviews.ShouldBe(90, 1e-9);
        Pass(30, Idle with { Interviews = 30, Newcomers = 30, Cpu = 0.6 }).Interviews.ShouldBe(90, 1e-9);
    }

    [Fact]
    public void Those_who_have_just_begun_and_speak_already_are_not_counted_twice()
    {
        Pass(30, Idle with { Newcomers = 60, Cpu = 1.2 }).Interviews.ShouldBe(90, 1e-9);
        Pass(30, Idle with { Interviews = 30, Newcomers = 30, Cpu = 1.2 }).Interviews.ShouldBe(90, 1e-9);
        Pass(30, Idle with { Newcomers = 60, Cpu = 1.6 }).Interviews.ShouldBe(70, 1e-9, "or cost more");
    }

    [Fact]
    public void A_machine_that_holds_too_many_holds_fewer_than_it_has()
    {
        Pass(60, Idle with { Interviews = 100, Cpu = 2 }).Interviews.ShouldBeInRange(85, 92);
    }

    [Fact]
    public void Cost_that_is_no_interviews_is_not_believed()
    {
        var estimate = Pass(120, Idle with { Interviews = 1, Cpu = 1.5 });

        estimate.CostSeconds.ShouldBe(0.08, 1e-9);
        estimate.Interviews.ShouldBe(1 + (0.3 / 0.08), 0.01);
    }

    [Fact]
    public void What_others_use_of_the_machine_is_not_to_be_had_but_half_of_it_is()
    {
        Pass(20, Idle with { Others = 0.5 }).Interviews.ShouldBe(67.5, 1e-9);
        Pass(20, Idle with { Others = 2 }).Interviews.ShouldBe(45, 1e-9);
    }

    [Fact]
    public void What_others_do_on_CPUs_that_this_process_may_not_use_takes_nothing_from_it()
    {
        var container = new CapacityEstimator(_options, cores: 2, machineCpus: 64, workerCount: 2);
        container.Add(_reading);

        var busyNode = container.Add(new LoadReading { At = TimeSpan.FromSeconds(10), OthersCpuSeconds = 9 * 12.8 });
        var fullNode = container.Add(new LoadReading { At = TimeSpan.FromSeconds(20), OthersCpuSeconds = (9 * 12.8) + (10 * 63) });

        busyNode.Interviews.ShouldBe(90, 1e-9);
        fullNode.Interviews.ShouldBe(45, 1e-9);
    }

    [Fact]
    public void A_pool_that_begins_nothing_and_a_disk_that_ends_nothing_are_no_idle_machine()
    {
        Pass(20, Idle with { Interviews = 40, Cpu = 0.8, LiveRows = 1000, Rounds = 4, Round = 0.05 }).Interviews.ShouldBe(90, 1e-9);
        _reading = _reading with { LiveOldestWaitSeconds = 3 };

        var hung = _estimator.Add(_reading with { At = _reading.At + TimeSpan.FromSeconds(11), SettledSeconds = _reading.SettledSeconds + 440 });
        var hungDisk = _estimator.Add(_reading with { At = _reading.At + TimeSpan.FromSeconds(22), SettledSeconds = _reading.SettledSeconds + 880, LiveOldestWaitSeconds = 0, FlushRoundAgeSeconds = 12 });

        (hung.Interviews, hung.Reason, hung.LiveWait).ShouldBe((40, RefusalReason.PoolSaturated, TimeSpan.FromSeconds(3)));
        (hungDisk.Interviews, hungDisk.Reason, hungDisk.FlushRound).ShouldBe((40, RefusalReason.DiskSlow, TimeSpan.FromSeconds(12)));
    }

    [Fact]
    public void A_pool_that_is_fuller_than_the_CPU_is_the_reason()
    {
        var estimate = Pass(60, Idle with { Interviews = 60, Cpu = 1.3, Pool = 1.25 });

        estimate.Reason.ShouldBe(RefusalReason.PoolSaturated);
        estimate.PoolLoad.ShouldBe(0.625, 1e-9);
        estimate.Interviews.ShouldBeInRange(70, 75); // (1.5 - 1.25) at about 20 ms
        estimate.Message.ShouldContain("Admission:MaxPoolLoad");
    }

    [Fact]
    public void More_workers_than_CPUs_are_no_more_pool()
    {
        new CapacityEstimator(_options, cores: 2, machineCpus: 2, workerCount: 16).Start.Interviews.ShouldBe(90, 1e-9);
        new CapacityEstimator(_options, cores: 2, machineCpus: 2, workerCount: 1).Start.Interviews.ShouldBe(0.75 / 0.013, 1e-9);
    }

    [Fact]
    public void Sound_that_waits_admits_nobody_more_until_it_waits_clearly_less()
    {
        var busy = Idle with { Interviews = 40, Cpu = 0.8, LiveRows = 1000 };
        var before = Pass(20, busy with { LiveWait = 0.09 });
        var late = Pass(20, busy with { LiveWait = 0.12 });
        var better = Pass(20, busy with { LiveWait = 0.09 });
        var good = Pass(20, busy with { LiveWait = 0.07 });

        before.Interviews.ShouldBe(90, 1e-9);
        (late.Interviews, late.Reason, late.LiveWait.TotalSeconds).ShouldBe((40, RefusalReason.PoolSaturated, 0.12), "none more than there are");
        better.Interviews.ShouldBe(40, 1e-9);
        good.Interviews.ShouldBe(90, 1e-9);
    }

    [Fact]
    public void Pictures_give_way_first_and_while_many_do_nobody_more_is_admitted()
    {
        var busy = Idle with { Interviews = 40, Cpu = 0.8, Sampled = 8 };
        Pass(20, busy with { Dropped = 0.5 }).Interviews.ShouldBe(90, 1e-9);

        var estimate = Pass(20, busy with { Dropped = 2 });

        (estimate.Interviews, estimate.SampledDropShare).ShouldBe((40, 0.25));
        estimate.Message.ShouldContain("Admission:MaxSampledDropShare");
    }

    [Fact]
    public void A_few_late_ones_of_a_few_say_nothing()
    {
        var estimate = Pass(20, Idle with { Interviews = 1, Cpu = 0.02, Sampled = 0.2, Dropped = 0.2, LiveRows = 3, LiveWait = 1 });

        estimate.Interviews.ShouldBeGreaterThan(80);
    }

    [Fact]
    public void A_disk_that_is_late_admits_nobody_more()
    {
        var estimate = Pass(20, Idle with { Interviews = 40, Cpu = 0.8, Rounds = 0.5, Round = 1.5 });

        (estimate.Interviews, estimate.Reason).ShouldBe((40, RefusalReason.DiskSlow));
    }

    private static Second Idle => default;

    /// <summary>Lets seconds pass that are all alike.</summary>
    private CapacityEstimate Pass(int seconds, Second each)
    {
        var estimate = _estimator.Add(_reading);
        for (var i = 0; i < seconds; i++)
        {
            _reading = new LoadReading
            {
                At = _reading.At + TimeSpan.FromSeconds(1),
                SettledSeconds = _reading.SettledSeconds + each.Interviews,
                NewSeconds = _reading.NewSeconds + each.Newcomers,
                CpuSeconds = _reading.CpuSeconds + each.Cpu,
                OthersCpuSeconds = _reading.OthersCpuSeconds + each.Others,
                PoolSeconds = _reading.PoolSeconds + each.Pool,
                LiveRows = _reading.LiveRows + each.LiveRows,
                LiveWaitSeconds = _reading.LiveWaitSeconds + (each.LiveRows * each.LiveWait),
                SampledRows = (long)Math.Round((i + 1) * each.Sampled) + _sampled,
                SampledDropped = (long)Math.Round((i + 1) * each.Dropped) + _dropped,
                FlushRounds = (long)Math.Round((i + 1) * each.Rounds) + _rounds,
                FlushRoundSeconds = _reading.FlushRoundSeconds + (each.Rounds * each.Round),
            };
            estimate = _estimator.Add(_reading);
        }

        (_sampled, _dropped, _rounds) = (_reading.SampledRows, _reading.SampledDropped, _reading.FlushRounds);
        return estimate;
    }

    private long _sampled;
    private long _dropped;
    private long _rounds;

    /// <summary>What happens in one second; waits and rounds in seconds each.</summary>
    private readonly record struct Second(
        double Interviews, double Newcomers, double Cpu, double Others, double Pool, long LiveRows, double LiveWait, double Sampled, double Dropped, double Rounds, double Round);
}
