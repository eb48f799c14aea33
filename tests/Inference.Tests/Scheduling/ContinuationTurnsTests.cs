namespace MediaScore.Inference.Tests.Scheduling;

public sealed class ContinuationTurnsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_continuation_runs_once_whoever_adds_it()
    {
        const int Count = 20_000;
        var turns = new ContinuationTurns();
        var runs = new int[Count];
        var left = Count;
        var all = new TaskCompletionSource();

        Parallel.For(0, Count, i => turns.Add(
            state =>
            {
                Interlocked.Increment(ref runs[(int)state!]);
                if (Interlocked.Decrement(ref left) == 0)
                    all.SetResult();
            },
            i));
        await all.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        runs.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public async Task One_that_blocks_keeps_no_other_from_its_turn()
    {
        var turns = new ContinuationTurns();
        using var gate = new ManualResetEventSlim();
        var ran = new TaskCompletionSource();

        turns.Add(_ => gate.Wait(Patience), null);
        turns.Add(_ => ran.SetResult(), null);

        await ran.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        gate.Set();
    }

    [Fact]
    public async Task Never_runs_in_the_thread_that_adds_it()
    {
        var turns = new ContinuationTurns();
        var thread = new TaskCompletionSource<int>();
        var adder = 0;

        var adding = new Thread(() =>
        {
            adder = Environment.CurrentManagedThreadId;
            turns.Add(_ => thread.SetResult(Environment.CurrentManagedThreadId), null);
        });
        adding.Start();
        adding.Join();

        (await thread.Task.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldNotBe(adder);
    }

    [Fact]
    public async Task What_comes_after_a_batch_of_answers_does_not_wait_for_all_of_them()
    {
        var turns = new ContinuationTurns();
        var (begun, begunBefore) = (0, 0);
        var came = new TaskCompletionSource();
        using var together = new ManualResetEventSlim();
        turns.Add(_ => together.Wait(Patience), null);
        for (var i = 0; i < 1000; i++)
        {
            turns.Add(
                _ =>
                {
                    if (Interlocked.Increment(ref begun) > 1)
                        return;
                    ThreadPool.UnsafeQueueUserWorkItem(
                        _ =>
                        {
                            begunBefore = Volatile.Read(ref begun);
                            came.SetResult();
                        },
                        null);
                },
                null);
        }

        together.Set();
        await came.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        begunBefore.ShouldBeLessThan(500);
    }

    [Fact]
    public async Task An_execution_context_that_was_asked_for_comes_along()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        var local = new AsyncLocal<string> { Value = "mine" };
        var seen = new TaskCompletionSource<string?>();
        var output = new float[1];
        Follow(pool.Pool.RunAsync(handle, new RowInput(new[] { 1f }, new RowShape(1)), output, RequestClass.Live, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken), () => seen.SetResult(local.Value));

        model.Release(1);

        (await seen.Task.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe("mine");
    }

    /// <summary>As who is no async method does.</summary>
    private static void Follow(ValueTask<RunOutcome> running, Action then) => running.GetAwaiter().OnCompleted(then);
}
