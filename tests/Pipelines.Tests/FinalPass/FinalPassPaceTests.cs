using MediaScore.Pipelines.FinalPass;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Pipelines.Tests.FinalPass;

public sealed class FinalPassPaceTests
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    // Core-seconds a second of media: all of it decoded and measured, and a track of which little is looked at.
    private const double Usual = 0.02;
    private const double Cheap = 0.003;

    private readonly FakeTimeProvider _time = new();
    private (TimeSpan Wanted, TimeSpan Cpu) _spent;

    [Fact]
    public async Task A_pass_that_has_its_core_to_itself_is_as_good_as_not_held_back()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);

        await ReadAsync(pace, slices: 20, share: 0.95);

        pace.Rate.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_pass_that_has_little_to_compute_is_not_held_back_either()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);

        await ReadAsync(pace, slices: 60, share: 0.95, Cheap);

        pace.Rate.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_backlog_is_worked_off_on_a_machine_with_room_however_many_are_live_and_however_little_each_slice_computes()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);
        var read = 0.0;

        for (var slice = 0; slice < 240; slice++)
        {
            read += pace.Rate * Slice.TotalSeconds;
            await ReadAsync(pace, slices: 1, share: 0.95, Cheap);
        }

        // A hundred who are live make as much in that minute.
        read.ShouldBeGreaterThan(100 * 60);
    }

    [Fact]
    public async Task Where_others_want_the_core_it_slows_down_within_a_second_and_never_stands_still()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);
        await ReadAsync(pace, slices: 20, share: 0.95);

        await ReadAsync(pace, slices: 4, share: 0.3);

        pace.Rate.ShouldBe(FinalPassPace.Slowest);
        // It wants as much as it may read now, and gets nothing of it.
        await ReadAsync(pace, slices: 12, share: 0);
        pace.Rate.ShouldBe(FinalPassPace.Slowest);
    }

    [Fact]
    public async Task At_its_slowest_a_second_of_media_takes_half_a_second()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);

        var reading = pace.PassAsync(TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(499));
        reading.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await reading.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Passes_share_one_rate()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);

        var first = pace.PassAsync(TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();
        var second = pace.PassAsync(TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(500));
        await first.WaitAsync(TimeSpan.FromSeconds(20));
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await second.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Nothing_is_held_back_where_no_interview_runs()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => false);

        // The clock stands still: a single wait would never end.
        for (var i = 0; i < 100; i++)
            await pace.PassAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
    }

    /// <summary>What is computed follows from what may be read: the rate, in media seconds a second.</summary>
    private async Task ReadAsync(FinalPassPace pace, int slices, double share, double cost = Usual)
    {
        for (var i = 0; i < slices; i++)
        {
            _time.Advance(Slice);
            var wanted = Slice * Math.Min(1, pace.Rate * cost);
            _spent = (_spent.Wanted + wanted, _spent.Cpu + (wanted * share));
            var passed = pace.PassAsync(TimeSpan.Zero, CancellationToken.None);
            await passed.AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
    }
}
