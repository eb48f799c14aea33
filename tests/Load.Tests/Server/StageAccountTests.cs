using MediaScore.Load.Server;

namespace MediaScore.Load.Tests.Server;

public sealed class StageAccountTests
{
    private const string Before = """
        mediascore_inference_compute_time_seconds_sum{otel_scope_name="MediaScore.Inference",model="silero-vad"} 1
        mediascore_pipeline_compute_time_seconds_total{otel_scope_name="MediaScore.Pipelines",stage="AudioDecode"} 2
        """;

    [Fact]
    public void The_parts_add_up_to_the_process()
    {
        var from = Sample(10, Before, ("webrtc", 1), ("inference-1", 2), (".NET TP Worker", 5));
        var to = Sample(
            20,
            """
            mediascore_inference_compute_time_seconds_sum{model="silero-vad"} 3
            mediascore_inference_compute_deferred_seconds_total{model="silero-vad"} 0.5
            mediascore_pipeline_compute_time_seconds_total{stage="AudioDecode"} 2.5
            dotnet_gc_pause_time_seconds_total{otel_scope_name="System.Runtime"} 0.25
            """,
            ("webrtc", 2.5),
            ("inference-1", 5),
            (".NET TP Worker", 9));

        var account = StageAccount.Between(from, to);

        account.Values.Sum().ShouldBe(10, 1e-9);
        account["network loop, SRTP"].ShouldBe(1.5, 1e-9);
        account["silero-vad"].ShouldBe(1.5, 1e-9);
        account[StageAccount.FinalPass].ShouldBe(0.5, 1e-9);
        account["audio decode"].ShouldBe(0.5, 1e-9);
        account["garbage collection"].ShouldBe(0.25, 1e-9);
        account["pool itself"].ShouldBe(1, 1e-9);
        account[StageAccount.Rest].ShouldBe(4.75, 1e-9);
    }

    [Fact]
    public void Elapsed_stage_times_never_take_more_than_the_threads_had()
    {
        var from = Sample(0, Before);
        var to = Sample(1, """mediascore_pipeline_compute_time_seconds_total{stage="AudioDecode"} 6""");

        var account = StageAccount.Between(from, to);

        account["audio decode"].ShouldBe(1, 1e-9);
        account.Values.Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_thread_that_is_new_counts_from_nothing()
    {
        var account = StageAccount.Between(Sample(0, string.Empty), Sample(1, string.Empty, ("dtls-handshake", 0.4)));

        account["DTLS handshakes"].ShouldBe(0.4, 1e-9);
    }

    [Fact]
    public void Buckets_of_a_model_are_those_of_the_window_and_without_deferred_waits()
    {
        var from = MetricsSnapshot.Parse("""
            mediascore_inference_queue_time_seconds_bucket{class="live",model="iris",le="0.001"} 5
            mediascore_inference_queue_time_seconds_bucket{class="live",model="iris",le="+Inf"} 5
            """);
        var to = MetricsSnapshot.Parse("""
            mediascore_inference_batch_size_count{model="iris"} 3
            mediascore_inference_batch_size_sum{model="iris"} 6
            mediascore_inference_queue_time_seconds_bucket{class="live",model="iris",le="0.001"} 7
            mediascore_inference_queue_time_seconds_bucket{class="live",model="iris",le="+Inf"} 9
            mediascore_inference_queue_time_seconds_bucket{class="deferred",model="iris",le="0.001"} 100
            mediascore_inference_queue_time_seconds_bucket{class="deferred",model="iris",le="+Inf"} 100
            """);

        var model = ModelAccount.Between(from, to, interviewSeconds: 10).ShouldHaveSingleItem();

        model.RowsPerRun.ShouldBe(2);
        model.Queue.UpperBounds.ShouldBe([1]);
        model.Queue.Counts.ShouldBe([2, 2]);
    }

    [Fact]
    public void Counters_are_ours_only_and_named_by_their_labels()
    {
        var metrics = MetricsSnapshot.Parse("""
            mediascore_interviews_refused_total{otel_scope_name="MediaScore.MediaServer",reason="PoolSaturated"} 3 1700000000
            mediascore_capacity_interviews{otel_scope_name="MediaScore.MediaServer"} 120
            mediascore_inference_batch_size_sum{model="iris"} 6
            dotnet_gc_collections_total{gc_heap_generation="gen0"} 4
            """);

        metrics.Counters().ShouldBe([KeyValuePair.Create("mediascore_interviews_refused{reason=\"PoolSaturated\"}", 3.0)]);
        metrics.Gauges().ShouldBe([KeyValuePair.Create("mediascore_capacity_interviews", 120.0)]);
    }

    [Fact]
    public void The_slope_of_memory_is_that_of_its_line() =>
        UsageSummary.SlopePerHour([(0, 100), (60, 101), (120, 102), (180, 103)]).ShouldBe(60, 1e-9);

    private static UsageSample Sample(double cpuSeconds, string metrics, params (string Name, double Seconds)[] threads) => new(
        0,
        new ProcessReading(cpuSeconds, threads.Select((t, i) => (t, i)).ToDictionary(t => (t.i, t.t.Name), t => t.t.Seconds), 0, threads.Length, 0),
        new MachineReading(0, 0, 0),
        0,
        MetricsSnapshot.Parse(metrics));
}
