namespace MediaScore.Inference.Tests.Scheduling;

public sealed class FullQueueTests
{
    [Fact]
    public async Task A_sampled_request_is_refused_at_once_and_counted_when_the_queue_is_full()
    {
        await using var pool = FullAtTwo();
        var (handle, model) = pool.Load();
        await FillAsync(pool, handle, model, RequestClass.Sampled);

        var refused = pool.Ask(handle, 4, RequestClass.Sampled);

        refused.Task.IsCompleted.ShouldBeTrue();
        (await refused.Task).ShouldBe(RunOutcome.RefusedQueueFull);
        refused.Output.ShouldBe([0f]);
        pool.Statistics().Dropped.ShouldBe(1);
    }

    [Fact]
    public async Task Live_and_deferred_requests_wait_for_a_place_and_are_answered()
    {
        await using var pool = FullAtTwo();
        var (handle, model) = pool.Load();
        await FillAsync(pool, handle, model, RequestClass.Live);

        var live = pool.Ask(handle, 4, RequestClass.Live);
        var deferred = pool.Ask(handle, 5, RequestClass.Deferred);
        pool.Statistics().QueueDepth.ShouldBe(4);
        model.Release(5);

        (await live.AnswerAsync()).ShouldBe(8);
        (await deferred.AnswerAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task A_live_request_takes_the_place_of_a_deferred_one_which_waits_on()
    {
        await using var pool = FullAtTwo();
        var (handle, model) = pool.Load();
        await FillAsync(pool, handle, model, RequestClass.Deferred);

        pool.Ask(handle, 4, RequestClass.Live);
        model.Release(4);

        (await model.NextRunAsync("the live row")).ShouldBe([4]);
        (await model.NextRunAsync("the first deferred row")).ShouldBe([2]);
        (await model.NextRunAsync("the deferred row that lost its place")).ShouldBe([3]);
    }

    [Fact]
    public async Task A_live_request_turns_out_a_sampled_one()
    {
        await using var pool = FullAtTwo();
        var (handle, model) = pool.Load();
        var queued = await FillAsync(pool, handle, model, RequestClass.Sampled);

        var live = pool.Ask(handle, 4, RequestClass.Live);
        model.Release(3);

        (await PoolFixture.Within(queued[1].Task, "the refusal")).ShouldBe(RunOutcome.RefusedQueueFull);
        (await live.AnswerAsync()).ShouldBe(8);
        (await queued[0].AnswerAsync()).ShouldBe(4);
        pool.Statistics().Dropped.ShouldBe(1);
    }

    [Fact]
    public async Task A_row_of_many_steps_that_goes_on_turns_out_a_sampled_one_which_is_told()
    {
        await using var pool = new PoolFixture(configure: options => options.QueueCapacity = 1);
        var (handle, model) = pool.Load(recurrent: true);
        using var longSlot = pool.Pool.OpenSlot(handle, "many");
        using var otherSlot = pool.Pool.OpenSlot(handle, "sampled");
        var sums = new float[2];
        var many = pool.Pool.StepManyAsync(longSlot, new float[] { 1, 2 }, new RowShape(1), 2, sums, RequestClass.Live).AsTask();
        await model.NextRunAsync("the first step");
        var sampled = pool.Pool.StepAsync(otherSlot, new RowInput(new float[] { 3 }, new RowShape(1)), new float[1], RequestClass.Sampled).AsTask();
        model.Release(2);

        (await PoolFixture.Within(sampled, "the refusal")).ShouldBe(RunOutcome.RefusedQueueFull);

        await PoolFixture.Within(many, "both steps");
        sums.ShouldBe([1f, 3f]);
        otherSlot.Reset();
        var statistics = pool.Statistics();
        (statistics.Dropped, statistics.SampledRequests, statistics.Requests).ShouldBe((1, 1, 2));
    }

    [Fact]
    public async Task A_sampled_request_is_dropped_when_its_deadline_passes_before_it_runs()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");

        var late = pool.Ask(handle, 2, RequestClass.Sampled, deadlineMs: 100);
        var lateButLive = pool.Ask(handle, 3, RequestClass.Live, deadlineMs: 100);
        pool.Time.Advance(TimeSpan.FromMilliseconds(101));
        model.Release(2);

        (await PoolFixture.Within(late.Task, "the drop")).ShouldBe(RunOutcome.DroppedLate);
        late.Output.ShouldBe([0f]);
        (await lateButLive.AnswerAsync()).ShouldBe(6);
        var statistics = pool.Statistics();
        (statistics.Dropped, statistics.SampledRequests).ShouldBe((1, 1));
        statistics.LiveRows.ShouldBe(2);
        statistics.LiveQueueSeconds.ShouldBe(0.101, 1e-6, "the row that held the worker had waited for nobody");
    }

    private static PoolFixture FullAtTwo() => new(configure: options => options.QueueCapacity = 2);

    /// <summary>One row runs, two are queued.</summary>
    private static async Task<PoolRequest[]> FillAsync(PoolFixture pool, ModelHandle handle, GatedModel model, RequestClass requestClass)
    {
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");
        return [pool.Ask(handle, 2, requestClass), pool.Ask(handle, 3, requestClass)];
    }
}
