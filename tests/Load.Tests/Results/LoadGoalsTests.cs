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

        late.Misses.ShouldBe(["1 audio packets lost", "captions p50 780 ms > 700", "captions p99 2600 ms > 2500", "the driver was late itself: p99 21.0 ms > 20"]);
    }

    [Fact]
    public void Refusals_miss_the_goals_of_a_steady_load_only()
    {
        var row = Rows.Make();
        var refused = row.Driver with { Refused = 3 };

        (row with { Driver = refused }).Misses.ShouldBe(["3 interviews refused"]);
        (row with { Driver = refused with { Scenario = "churn" } }).Misses.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_not_measured_is_missed_not_met()
    {
        var row = Rows.Make();
        var empty = row with { Driver = row.Driver with { EndOfSpeechToCaption = Percentiles.None, CaptureToDurable = Percentiles.None, SendLag = Percentiles.None } };

        empty.Misses.ShouldBe(["captions p50: none was timed", "captions p99: none was timed", "no sound was acknowledged as durable", "no send of the driver's was timed"]);
    }

    [Fact]
    public void More_than_a_tenth_of_sampled_pictures_dropped_misses_the_goals()
    {
        var row = Rows.Make();

        (row with { Server = row.Server with { SampledDropped = 111, SampledAnswered = 889 } }).Misses.ShouldBe(["11 % of sampled pictures dropped > 10 %"]);
        (row with { Server = row.Server with { SampledDropped = 100, SampledAnswered = 900 } }).Misses.ShouldBeEmpty();
    }

    [Fact]
    public void An_overload_must_refuse_fast_leave_captions_as_they_were_and_pass()
    {
        var row = Rows.Make();
        var times = row.Driver.EndOfSpeechToCaption;
        var good = row.Driver with
        {
            Scenario = "overload",
            Refusal = times with { P99 = 49 },
            Recovery = new DriverRecovery("a storm", times with { P99 = 800 }, times with { P99 = 880 }, times, 0, 50, 0),
        };
        var bad = good with { Refusal = times with { P99 = 272 }, Recovery = good.Recovery with { During = times with { P99 = 1343 }, SecondsToNormal = null } };

        (row with { Driver = good }).Misses.ShouldBeEmpty();
        (row with { Driver = bad }).Misses.ShouldBe(["refusals p99 272 ms > 50", "captions p99 meanwhile 1343 ms > 800 before + 10 %", "never back to normal"]);
        (row with { Driver = good with { Refusal = Percentiles.None, Recovery = null } }).Misses.ShouldBe(["refusals p99: none was timed", "nothing is known of the recovery"]);
    }

    [Fact]
    public void A_late_decision_and_late_terminals_each_miss_the_goals_beside_what_interviews_miss()
    {
        Rows.With(Rows.Make(), 20).Misses.ShouldBeEmpty();
        Rows.With(Rows.Make(audioLost: 1), 20, p99Ms: 420, tooLate: 3, lagMs: 25).Misses.ShouldBe(
            ["1 audio packets lost", "frame to decision p99 420 ms > 300", "3 decisions came too late", "the terminals were late themselves: p99 25.0 ms > 20"]);
    }

    [Fact]
    public void Terminals_alone_are_measured_by_their_own_goals()
    {
        var row = Rows.Make();
        var alone = Rows.With(row with { Driver = row.Driver with { Interviews = 0, EndOfSpeechToCaption = Percentiles.None, CaptureToDurable = Percentiles.None, SendLag = Percentiles.None } }, 20);

        alone.Misses.ShouldBeEmpty();
        LoadGoals.Sentence(alone).ShouldBe("Frame to decision p99 within 300 ms, no decision too late, the terminals on time.");
    }

    [Fact]
    public void The_sentence_of_a_carried_row_names_what_was_looked_at_and_nothing_else()
    {
        var row = Rows.Make();

        LoadGoals.Sentence(row).ShouldStartWith("No audio lost, nobody failed, nobody refused, ");
        LoadGoals.Sentence(row with { Driver = row.Driver with { Scenario = "churn" } }).ShouldNotContain("refused");
        LoadGoals.Sentence(row with { Server = row.Server with { SampledAnswered = null } }).ShouldNotContain("sampled");
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
