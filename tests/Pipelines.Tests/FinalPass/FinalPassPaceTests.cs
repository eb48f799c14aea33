using MediaScore.Pipelines.FinalPass;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Pipelines.Tests.FinalPass;

public sealed class FinalPassPaceTests
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private (TimeSpan Elapsed, TimeSpan Cpu) _spent;

    [Fact]
    public async Task A_pass_that_has_its_core_to_itself_is_as_good_as_not_held_back()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);

        await ReadAsync(pace, slices: 20, share: 0.95);

        pace.Rate.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Where_others_want_the_core_it_slows_down_within_a_second_and_never_stands_still()
    {
        var pace = new FinalPassPace(_time, () => _spent, () => true);
        await ReadAsync(pace, slices: 20, share: 0.95);

        await ReadAsync(pace, slices: 4, share: 0.3);

        pace.Rate.ShouldBe(FinalPassPace.Slowest);
        await ReadAsync(pace, slices: 4, share: 0);
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

    private async Task ReadAsync(FinalPassPace pace, int slices, double share)
    {
        for (var i = 0; i < slices; i++)
        {
            _time.Advance(Slice);
            _spent = (_spent.Elapsed + TimeSpan.FromMilliseconds(100), _spent.Cpu + TimeSpan.FromMilliseconds(100) * share);
            var passed = pace.PassAsync(TimeSpan.Zero, CancellationToken.None);
            await passed.AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
    }
}
