namespace MediaScore.Inference.Tests.Scheduling;

public sealed class BatchingTests
{
    [Fact]
    public async Task One_caller_never_waits_for_neighbours()
    {
        await using var pool = new PoolFixture();
        var (handle, _) = pool.Load(maxBatch: 8, open: true);

        // The clock stands still: a single wait would never end.
        for (var number = 1; number <= 50; number++)
            (await pool.Ask(handle, number).AnswerAsync()).ShouldBe(2 * number);

        pool.Statistics().Batches.ShouldBe(50);
    }

    [Fact]
    public async Task What_came_while_a_batch_ran_runs_together()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");

        var requests = Enumerable.Range(2, 3).Select(number => pool.Ask(handle, number)).ToArray();
        pool.Time.Advance(TimeSpan.FromMilliseconds(10));
        model.Release(2);

        (await model.NextRunAsync("the batch of what came")).ShouldBe([2, 3, 4]);
        foreach (var (request, number) in requests.Zip([2, 3, 4]))
            (await request.AnswerAsync()).ShouldBe(2 * number);
    }

    [Fact]
    public async Task Rows_that_can_wait_bear_their_share_of_a_batch_and_no_more()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");
        var before = pool.Statistics();

        var live = pool.Ask(handle, 2);
        var deferred = Enumerable.Range(3, 3).Select(number => pool.Ask(handle, number, RequestClass.Deferred)).ToArray();
        pool.Time.Advance(TimeSpan.FromMilliseconds(20));
        model.Release();
        (await model.NextRunAsync("the batch of what came")).ShouldBe([2, 3, 4, 5]);
        var first = pool.Statistics();
        model.Release();
        await live.AnswerAsync();
        foreach (var request in deferred)
            await request.AnswerAsync();

        before.DeferredComputeSeconds.ShouldBe(0);
        first.DeferredComputeSeconds.ShouldBe(0);
        pool.Statistics().DeferredComputeSeconds.ShouldBe((pool.Statistics().ComputeSeconds - first.ComputeSeconds) * 3 / 4, 1e-12);
    }

    [Fact]
    public async Task A_batch_waits_for_the_callers_that_were_there_lately_and_runs_when_they_have_come()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        await LetThreeCallersBeSeenAsync(pool, handle, model);

        pool.Ask(handle, 11);
        pool.Ask(handle, 12);
        model.NothingBegan.ShouldBeTrue();
        pool.Ask(handle, 13);

        (await model.NextRunAsync("all three, without any time")).ShouldBe([11, 12, 13]);
    }

    [Fact]
    public async Task A_row_runs_when_its_wait_is_over_though_its_neighbours_did_not_come()
    {
        await using var pool = new PoolFixture(configure: options => options.LiveBatchWaitMs = 10);
        var (handle, model) = pool.Load(maxBatch: 8);
        var (marker, _) = pool.Load("marker", open: true);
        await LetThreeCallersBeSeenAsync(pool, handle, model);

        pool.Ask(handle, 11);
        pool.Time.Advance(TimeSpan.FromMilliseconds(9));
        await pool.Ask(marker, 1).AnswerAsync();
        model.NothingBegan.ShouldBeTrue();
        pool.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await model.NextRunAsync("the row, 10 ms after it came")).ShouldBe([11]);
    }

    [Fact]
    public async Task Callers_that_went_away_are_forgotten_after_a_few_waits()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        await LetThreeCallersBeSeenAsync(pool, handle, model);
        model.IsOpen = true;
        foreach (var number in (float[])[11, 12])
        {
            var waits = pool.Ask(handle, number);
            pool.Time.Advance(TimeSpan.FromMilliseconds(10));
            await waits.AnswerAsync();
        }

        // The clock stands still from here on.
        (await pool.Ask(handle, 13).AnswerAsync()).ShouldBe(26);
    }

    [Fact]
    public async Task A_full_batch_waits_for_nobody()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 2);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");
        pool.Ask(handle, 2);
        pool.Ask(handle, 3);

        // Two of three known callers are here, and the clock stands still.
        model.Release();

        (await model.NextRunAsync("the full batch")).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task The_deadline_ends_the_wait_for_neighbours()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        await LetThreeCallersBeSeenAsync(pool, handle, model);

        pool.Ask(handle, 11, deadlineMs: 2);
        pool.Time.Advance(TimeSpan.FromMilliseconds(2));

        (await model.NextRunAsync("the row at its deadline")).ShouldBe([11]);
    }

    [Fact]
    public async Task A_less_urgent_row_joins_a_batch_that_has_room()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 2);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");

        pool.Ask(handle, 2, RequestClass.Deferred);
        pool.Ask(handle, 3, RequestClass.Deferred);
        pool.Ask(handle, 4, RequestClass.Live);
        model.Release(3);

        (await model.NextRunAsync("the live row and a deferred one")).ShouldBe([4, 2]);
        pool.Time.Advance(TimeSpan.FromMilliseconds(20));
        (await model.NextRunAsync("the other deferred one")).ShouldBe([3]);
    }

    [Fact]
    public async Task Rows_of_different_shape_never_share_a_batch()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");

        foreach (var (number, length) in ((float, int)[])[(2, 1), (3, 2), (4, 1), (5, 2)])
        {
            var values = new float[length];
            values[0] = number;
            _ = pool.Pool.RunAsync(handle, new RowInput(values, new RowShape(length)), new float[1], RequestClass.Live).AsTask();
        }

        pool.Time.Advance(TimeSpan.FromMilliseconds(10));
        model.Release(3);

        (await model.NextRunAsync("rows of length 1")).ShouldBe([2, 4]);
        (await model.NextRunAsync("rows of length 2")).ShouldBe([3, 5]);
    }

    /// <summary>Three requests under way at once; afterwards nothing is.</summary>
    private static async Task LetThreeCallersBeSeenAsync(PoolFixture pool, ModelHandle handle, GatedModel model)
    {
        var first = pool.Ask(handle, 1);
        await model.NextRunAsync("the first of three");
        var second = pool.Ask(handle, 2);
        var third = pool.Ask(handle, 3);
        model.Release();
        await first.AnswerAsync();
        var firstAgain = pool.Ask(handle, 4);
        (await model.NextRunAsync("all three together, without any time")).ShouldBe([2, 3, 4]);
        model.Release();
        foreach (var request in (PoolRequest[])[second, third, firstAgain])
            await request.AnswerAsync();
    }
}
