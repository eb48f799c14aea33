using MediaScore.Load.Measuring;
using MediaScore.Load.Results;
using MediaScore.Load.Scenarios;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Load.Tests.Scenarios;

public sealed class CaptionPhaseTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void It_is_normal_again_when_captions_begin_that_are_as_fast_as_before()
    {
        var captions = Every(second => second is >= 20 and < 30 ? 3000 : 600, seconds: 60);
        var before = CaptionPhase.Of(captions, At(0), At(10));

        CaptionPhase.Of(captions, At(10), At(30)).P99.ShouldBe(3000, 3);
        CaptionPhase.SecondsToNormal(captions, before, At(20), At(60), _time).ShouldBe(10);
    }

    [Fact]
    public void What_was_never_disturbed_was_normal_at_once()
    {
        var captions = Every(_ => 600, seconds: 60);

        CaptionPhase.SecondsToNormal(captions, CaptionPhase.Of(captions, At(0), At(10)), At(20), At(60), _time).ShouldBe(0);
    }

    [Fact]
    public void What_stays_slow_was_never_normal_again()
    {
        var captions = Every(second => second < 10 ? 600 : 1000, seconds: 60);

        CaptionPhase.SecondsToNormal(captions, CaptionPhase.Of(captions, At(0), At(10)), At(20), At(60), _time).ShouldBeNull();
    }

    [Fact]
    public void A_moment_of_normal_in_the_midst_of_slow_ones_is_not_the_end_of_it()
    {
        // Fast again at 25 s, slow from 32 to 40 s, and fast from there on.
        var captions = Every(second => second is (>= 20 and < 25) or (>= 32 and < 40) ? 3000 : 600, seconds: 60);

        CaptionPhase.SecondsToNormal(captions, CaptionPhase.Of(captions, At(0), At(10)), At(20), At(60), _time).ShouldBe(20);
    }

    [Fact]
    public void What_is_slow_at_the_end_has_not_come_back_to_normal()
    {
        var captions = Every(second => second >= 57 ? 3000 : 600, seconds: 60);

        CaptionPhase.SecondsToNormal(captions, CaptionPhase.Of(captions, At(0), At(10)), At(20), At(60), _time).ShouldBeNull();
    }

    [Fact]
    public void Captions_that_never_came_are_slower_than_all_that_did()
    {
        var captions = Every(_ => 600, seconds: 60);
        List<CaptionTime> some = [.. captions.Select(caption => caption.Due < At(50) ? caption : caption with { Latency = LatencySeries.Never })];

        CaptionPhase.SecondsToNormal(some, CaptionPhase.Of(some, At(0), At(10)), At(20), At(60), _time).ShouldBeNull();
        CaptionPhase.Of(some, At(50), At(60)).P50.ShouldBe(3_600_000, 4000);
    }

    [Fact]
    public void Where_nothing_is_known_of_before_nothing_is_normal() =>
        CaptionPhase.SecondsToNormal(Every(_ => 600, seconds: 60), Percentiles.None, At(20), At(60), _time).ShouldBeNull();

    private List<CaptionTime> Every(Func<int, double> latencyMs, int seconds) => [.. Enumerable.Range(0, seconds).Select(second => new CaptionTime(0, At(second), TimeSpan.FromMilliseconds(latencyMs(second))))];

    private long At(int second) => second * _time.TimestampFrequency;
}
