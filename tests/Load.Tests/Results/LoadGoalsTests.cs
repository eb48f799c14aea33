using HdrHistogram;
using MediaScore.Load.Results;

namespace MediaScore.Load.Tests.Results;

public sealed class LoadGoalsTests
{
    [Fact]
    public void Lost_audio_a_late_caption_and_a_late_driver_each_miss_the_goals()
    {
        var row = Rows.Make(audioLost: 1, p99Ms: 2600);
        var late = row with { Driver = row.Driver with { SendLag = row.Driver.SendLag with { P99 = 21 } } };

        late.Misses.ShouldBe(["1 audio packets lost", "captions p99 2600 ms > 2500", "the driver was late itself: p99 21.0 ms > 20"]);
    }

    [Fact]
    public void Refusals_miss_the_goals_of_a_steady_load_only()
    {
        var row = Rows.Make();
        var refused = row.Driver with { Refused = 3 };

        (row with { Driver = refused }).Misses.ShouldBe(["3 interviews refused"]);
        (row with { Driver = refused with { Scenario = "overload" } }).Misses.ShouldBeEmpty();
    }

    [Fact]
    public void Percentiles_are_the_histograms_microseconds_in_milliseconds()
    {
        var histogram = new LongHistogram(60_000_000, 3);
        for (var i = 1; i <= 1000; i++)
            histogram.RecordValue(i * 1000);

        var percentiles = Percentiles.Of(histogram);

        percentiles.Count.ShouldBe(1000);
        percentiles.P50.ShouldBe(500, 1);
        percentiles.P99.ShouldBe(990, 2);
        percentiles.Max.ShouldBe(1000, 1);
        percentiles.Curve.Count.ShouldBe(Percentiles.Quantiles.Count);
        Percentiles.Of(new LongHistogram(1000, 3)).ShouldBe(Percentiles.None);
    }

    [Theory]
    [InlineData(0.5, 2.0)]
    [InlineData(0.9, 4.0)]
    public void A_share_of_a_histogram_lies_under_the_bound_of_its_bucket(double share, double bound) =>
        new BucketCounts([1, 2, 4], [10, 60, 25, 5]).BoundOf(share).ShouldBe(bound);

    [Fact]
    public void Beyond_the_last_bound_there_is_none() => new BucketCounts([1, 2, 4], [10, 60, 25, 5]).BoundOf(0.99).ShouldBeNull();
}
