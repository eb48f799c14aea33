using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Sessions.Capacity;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class AdmissionControllerTests
{
    private const long EnoughMiB = 5000;

    private readonly AdmissionOptions _options = new() { MaxInterviews = 10, MinFreeDiskMiB = 1000, RetryAfterSeconds = 8 };
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionController _admission;
    private int _running;
    private int _version;
    private int _countings;

    public AdmissionControllerTests() => _admission = new AdmissionController(_options, CountRunning, () => _version, _time);

    [Theory]
    [InlineData(9, 50, 1000, RefusalReason.None)]
    [InlineData(10, 50, 5000, RefusalReason.TooManyInterviews)]
    [InlineData(6, 6.9, 5000, RefusalReason.CpuSaturated)]
    [InlineData(5, 6.9, 5000, RefusalReason.None)]
    [InlineData(0, 50, 999, RefusalReason.DiskLow)]
    [InlineData(10, 0, 0, RefusalReason.DiskLow)]
    internal void The_gravest_shortage_is_the_reason(int running, double capacity, long freeMiB, RefusalReason expected)
    {
        _running = running;
        _admission.Update(Holding(capacity), freeMiB, []);

        var decision = _admission.TryReserve(out var place);

        decision.Reason.ShouldBe(expected);
        decision.Admitted.ShouldBe(expected == RefusalReason.None);
        (place is null).ShouldBe(expected != RefusalReason.None);
        if (expected != RefusalReason.None)
            decision.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void Where_load_is_not_judged_the_limit_and_the_disk_are_all_that_refuses()
    {
        _admission.Update(null, EnoughMiB, []);

        Admit(20).ShouldBe(10);
    }

    [Fact]
    public void A_pool_that_hangs_refuses_whether_load_is_judged_or_not()
    {
        _admission.Update(null, EnoughMiB, ["2 runs hang"]);
        var hanging = _admission.Look();
        _admission.Update(null, EnoughMiB, []);

        (hanging.Reason, hanging.Message).ShouldBe((RefusalReason.PoolHangs, "2 runs hang"));
        _admission.Look().Admitted.ShouldBeTrue();
    }

    [Fact]
    public void Interviews_that_a_start_finds_after_the_first_count_have_their_places()
    {
        _admission.Update(Holding(50), EnoughMiB, []);
        (_running, _version) = (9, 1);

        Admit(20).ShouldBe(1);
    }

    [Fact]
    public void Those_who_come_together_do_not_all_get_the_last_places()
    {
        _running = 2;
        _admission.Update(Holding(7.5), EnoughMiB, []);

        var admitted = 0;
        Parallel.For(0, 64, _ => Interlocked.Add(ref admitted, _admission.TryReserve(out var place) is { Admitted: true } && place is not null ? 1 : 0));

        admitted.ShouldBe(5);
    }

    [Fact]
    public void Admitted_interviews_count_while_they_are_made_once_when_they_are_there_and_not_at_all_when_nothing_came_of_them()
    {
        _admission.Update(Holding(50), EnoughMiB, []);

        _admission.TryReserve(out var first);
        _admission.TryReserve(out var second);
        var whileMade = _admission.Taken;
        Come();
        first!.Dispose();
        first.Dispose();
        var whenOneIsThere = _admission.Taken;
        second!.Dispose();

        (whileMade, whenOneIsThere, _admission.Taken).ShouldBe((2, 2, 1));
    }

    [Fact]
    public void A_place_below_the_fixed_limit_is_free_as_soon_as_somebody_has_gone()
    {
        _running = 10;
        _admission.Update(Holding(50), EnoughMiB, []);
        var full = _admission.Look();

        Go();

        full.Reason.ShouldBe(RefusalReason.TooManyInterviews);
        _admission.Look().Admitted.ShouldBeTrue();
    }

    [Fact]
    public void Once_load_has_refused_room_must_last_before_anybody_is_admitted_again()
    {
        _running = 6;
        _admission.Update(Holding(6.5), EnoughMiB, []);

        var refusedAfter = new List<int>();
        for (var second = 1; second <= 25; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            // A good second every now and then is noise; room for two from the tenth second on.
            _admission.Update(Holding(second is 3 or 7 || second >= 10 ? 8.5 : 6.5), EnoughMiB, []);
            if (!_admission.Look().Admitted)
                refusedAfter.Add(second);
        }

        refusedAfter.ShouldBe(Enumerable.Range(1, 19));
        _admission.Faults().ShouldBeEmpty();
    }

    [Fact]
    public void Room_for_just_one_does_not_open_what_was_closed()
    {
        _running = 6;
        _admission.Update(Holding(6.5), EnoughMiB, []);

        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _admission.Update(Holding(7.5), EnoughMiB, []);
        }

        _admission.Look().Reason.ShouldBe(RefusalReason.CpuSaturated);
        _admission.Faults().ShouldHaveSingleItem().ShouldContain("CPU");
    }

    [Fact]
    public void Those_who_were_refused_together_come_back_one_after_another()
    {
        _admission.Update(Holding(0), EnoughMiB, []);

        var waits = Enumerable.Range(0, 1000).Select(_ => _admission.Look().RetryAfter.TotalSeconds).ToList();

        waits.Min().ShouldBeInRange(8, 8.2);
        waits.Max().ShouldBeInRange(9.8, 10);
    }

    [Fact]
    public void A_refusal_allocates_nothing_and_counts_nothing_where_nobody_has_gone()
    {
        _running = 6;
        _admission.Update(Holding(6.5), EnoughMiB, []);
        _admission.Look();
        var countings = _countings;
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 10_000; i++)
            _admission.Look();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        _countings.ShouldBe(countings);
    }

    [Fact]
    public async Task A_refusal_waits_for_nobody_who_counts()
    {
        using var counting = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var held = false;
        var admission = new AdmissionController(
            _options,
            () =>
            {
                if (held)
                {
                    counting.Set();
                    go.Wait(TestContext.Current.CancellationToken);
                }

                return 10;
            },
            () => _version,
            _time);
        admission.Update(Holding(50), EnoughMiB, []);
        held = true;
        Interlocked.Increment(ref _version);
        var counter = Task.Run(admission.Look, TestContext.Current.CancellationToken);
        counting.Wait(TestContext.Current.CancellationToken);

        var meanwhile = admission.Look();

        counter.IsCompleted.ShouldBeFalse();
        meanwhile.Reason.ShouldBe(RefusalReason.TooManyInterviews);
        go.Set();
        (await counter).Admitted.ShouldBeFalse();
    }

    private static CapacityEstimate Holding(double interviews) =>
        new(interviews, 0.017, 0.5, 0.3, TimeSpan.Zero, 0, TimeSpan.Zero, RefusalReason.CpuSaturated, "0.96 of the CPU is in use");

    private int CountRunning()
    {
        _countings++;
        return _running;
    }

    private void Come() => (_running, _version) = (_running + 1, _version + 1);

    private void Go() => (_running, _version) = (_running - 1, _version + 1);

    private int Admit(int asked)
    {
        var admitted = 0;
        for (var i = 0; i < asked; i++)
            admitted += _admission.TryReserve(out _).Admitted ? 1 : 0;
        return admitted;
    }
}
