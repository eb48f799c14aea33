namespace MediaScore.Inference.Tests.Scheduling;

public sealed class CancellationTests
{
    [Fact]
    public async Task A_queued_request_is_taken_out_at_once()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        using var source = new CancellationTokenSource();
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");
        var cancelled = pool.Ask(handle, 2, cancellationToken: source.Token);
        pool.Ask(handle, 3);

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(cancelled.Task);
        pool.Statistics().QueueDepth.ShouldBe(1);
        model.Release(2);
        (await model.NextRunAsync("the row behind it")).ShouldBe([3]);
    }

    [Fact]
    public async Task A_running_request_ends_and_is_answered_because_its_buffers_are_in_use()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        using var source = new CancellationTokenSource();
        var running = pool.Ask(handle, 1, cancellationToken: source.Token);
        await model.NextRunAsync("the row");

        await source.CancelAsync();
        running.Task.IsCompleted.ShouldBeFalse();
        model.Release();

        (await running.AnswerAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_beforehand_never_runs()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(open: true);

        await Should.ThrowAsync<OperationCanceledException>(pool.Ask(handle, 1, cancellationToken: new CancellationToken(canceled: true)).Task);

        (await pool.Ask(handle, 2).AnswerAsync()).ShouldBe(4);
        (await model.NextRunAsync("the only run")).ShouldBe([2]);
    }

    [Fact]
    public async Task A_request_that_waits_for_a_place_can_be_cancelled()
    {
        await using var pool = new PoolFixture(configure: options => options.QueueCapacity = 1);
        var (handle, model) = pool.Load();
        using var source = new CancellationTokenSource();
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");
        pool.Ask(handle, 2);
        var waiting = pool.Ask(handle, 3, cancellationToken: source.Token);

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting.Task);
        pool.Statistics().QueueDepth.ShouldBe(1);
    }

    [Fact]
    public async Task Requests_cancelled_while_they_end_are_answered_once_and_never_with_anothers_number()
    {
        await using var pool = new PoolFixture(workers: 2);
        var (handle, _) = pool.Load(maxBatch: 4, open: true);
        var random = new Random(7);

        for (var round = 0; round < 300; round++)
        {
            using var source = new CancellationTokenSource();
            var requests = Enumerable.Range(1, 6).Select(i => (Number: (round * 10) + i, Request: pool.Ask(handle, (round * 10) + i, cancellationToken: source.Token))).ToArray();
            if (random.Next(2) == 0)
                await source.CancelAsync();
            pool.Time.Advance(TimeSpan.FromMilliseconds(10));
            foreach (var (number, request) in requests)
            {
                if (await PoolFixture.Within(EndedAsync(request.Task), "the end of a request"))
                    request.Output[0].ShouldBe(2 * number);
            }
        }

        pool.Statistics().ShouldSatisfyAllConditions(model => model.Requests.ShouldBe(1800), model => model.QueueDepth.ShouldBe(0));
    }

    private static async Task<bool> EndedAsync(Task<RunOutcome> task)
    {
        try
        {
            return await task == RunOutcome.Completed;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
