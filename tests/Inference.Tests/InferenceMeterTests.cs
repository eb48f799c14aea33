using MediaScore.Inference.Tests.Scheduling;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace MediaScore.Inference.Tests;

public sealed class InferenceMeterTests
{
    [Fact]
    public async Task Batches_queue_times_depths_and_drops_are_measured()
    {
        await using var pool = new PoolFixture(configure: options => options.QueueCapacity = 2);
        using var sizes = new MetricCollector<int>(pool.Pool, InferenceMeter.Name, "mediascore.inference.batch.size");
        using var queueTimes = new MetricCollector<double>(pool.Pool, InferenceMeter.Name, "mediascore.inference.queue.time");
        using var drops = new MetricCollector<long>(pool.Pool, InferenceMeter.Name, "mediascore.inference.requests.dropped");
        using var oldest = new MetricCollector<double>(pool.Pool, InferenceMeter.Name, "mediascore.inference.queue.oldest");
        using var depths = new MetricCollector<int>(pool.Pool, InferenceMeter.Name, "mediascore.inference.queue.depth");
        var (handle, model) = pool.Load("metered", maxBatch: 8);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");
        pool.Ask(handle, 2);
        var last = pool.Ask(handle, 3);
        pool.Ask(handle, 4, RequestClass.Sampled);

        depths.RecordObservableInstruments();
        pool.Time.Advance(TimeSpan.FromMilliseconds(250));
        oldest.RecordObservableInstruments();
        model.Release(2);
        await last.AnswerAsync();

        Of(sizes).ShouldBe([1, 2]);
        Of(queueTimes).ShouldBe([0, 0.25, 0.25]);
        Of(drops).ShouldBe([1]);
        Of(depths).ShouldBe([2]);
        Of(oldest).ShouldBe([0.25]);
        queueTimes.LastMeasurement!.Tags.ShouldBe(new Dictionary<string, object?> { ["model"] = "metered", ["class"] = "live" }, ignoreOrder: true);
    }

    [Fact]
    public async Task The_statistics_tell_sizes_of_batches_and_times_in_the_queue_as_the_metrics_do()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");
        pool.Ask(handle, 2);
        var last = pool.Ask(handle, 3);
        pool.Time.Advance(TimeSpan.FromMilliseconds(30));
        (pool.Statistics().OldestWaitSeconds, pool.Statistics().OldestLiveWaitSeconds).ShouldBe((0.03, 0.03));
        model.Release(2);
        await last.AnswerAsync();

        var statistics = pool.Statistics();

        statistics.BatchSizes.Where(bucket => bucket.Count > 0).ShouldBe([new Bucket(1, 1), new Bucket(2, 1)]);
        statistics.QueueTimes.Where(bucket => bucket.Count > 0).ShouldBe([new Bucket(0.0001, 1), new Bucket(0.05, 2)]);
        statistics.OldestWaitSeconds.ShouldBe(0);
    }

    [Fact]
    public async Task What_can_wait_is_no_live_row_that_waits()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");
        var later = pool.Ask(handle, 2, RequestClass.Deferred);
        pool.Time.Advance(TimeSpan.FromMilliseconds(30));

        (pool.Statistics().OldestWaitSeconds, pool.Statistics().OldestLiveWaitSeconds).ShouldBe((0.03, 0));
        model.Release(2);
        await later.AnswerAsync();
    }

    [Fact]
    public void A_value_counts_in_the_bucket_that_it_does_not_exceed_and_the_last_one_is_open()
    {
        var counts = new BucketCounts([1, 2]);
        foreach (var value in (double[])[1, 1.5, 2, 2.5])
            counts.Add(value);

        counts.ToBuckets().ShouldBe([new Bucket(1, 1), new Bucket(2, 2), new Bucket(double.PositiveInfinity, 1)]);
    }

    [Fact]
    public void Histograms_come_with_bounds_that_tell_a_batch_of_one_from_two_and_a_millisecond_from_two()
    {
        using var meter = new InferenceMeter(this, () => [], () => [], () => [], () => []);

        meter.BatchSize.Advice!.HistogramBucketBoundaries!.Take(2).ShouldBe([1, 2]);
        meter.QueueTime.Advice!.HistogramBucketBoundaries!.ShouldContain(0.001);
        meter.ComputeTime.Advice!.HistogramBucketBoundaries!.ShouldContain(0.002);
    }

    private static T[] Of<T>(MetricCollector<T> collector)
        where T : struct =>
        [.. collector.GetMeasurementSnapshot().Select(measurement => measurement.Value)];
}
