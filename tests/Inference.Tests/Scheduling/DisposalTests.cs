namespace MediaScore.Inference.Tests.Scheduling;

public sealed class DisposalTests
{
    [Fact]
    public async Task Disposal_runs_what_is_queued_before_it_unloads_the_models()
    {
        var pool = new PoolFixture(workers: 2);
        var (handle, model) = pool.Load(maxBatch: 8);
        var requests = new List<PoolRequest> { pool.Ask(handle, 1) };
        await model.NextRunAsync("the first row");
        requests.Add(pool.Ask(handle, 2));
        requests.Add(pool.Ask(handle, 3, RequestClass.Deferred));

        var disposal = pool.Pool.DisposeAsync().AsTask();
        disposal.IsCompleted.ShouldBeFalse();
        model.IsDisposed.ShouldBeFalse();
        model.Release(3);

        foreach (var (request, number) in requests.Zip([1, 2, 3]))
            (await request.AnswerAsync()).ShouldBe(2 * number);
        await disposal;
        model.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task What_comes_after_disposal_is_refused()
    {
        var pool = new PoolFixture();
        var (handle, _) = pool.Load(open: true);
        var (recurrent, _) = pool.Load("recurrent", open: true, recurrent: true);
        await pool.Pool.DisposeAsync();

        Should.Throw<ObjectDisposedException>(() => { pool.Ask(handle, 1); });
        Should.Throw<ObjectDisposedException>(() => pool.Pool.OpenSlot(recurrent, "late"));
        Should.Throw<ObjectDisposedException>(() => pool.Pool.Load(new ModelLoad("late", "late.onnx")));
    }

    [Fact]
    public async Task Disposal_may_be_asked_for_twice_and_both_wait_for_the_end()
    {
        var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row");

        var first = pool.Pool.DisposeAsync().AsTask();
        var second = pool.Pool.DisposeAsync().AsTask();
        second.IsCompleted.ShouldBeFalse();
        model.Release();

        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task A_slot_that_was_not_disposed_is_named_with_its_owner()
    {
        var pool = new PoolFixture();
        var (handle, _) = pool.Load(open: true, recurrent: true);
        pool.Pool.OpenSlot(handle, "interview 17");
        pool.Pool.OpenSlot(handle, "interview 18").Dispose();

        await pool.Pool.DisposeAsync();

        pool.Log.Collector.GetSnapshot().Where(record => record.Id.Id == 3).Select(record => record.Message)
            .ShouldBe(["Slot of interview 17 in model gated was still open when the pool ended"]);
    }
}
