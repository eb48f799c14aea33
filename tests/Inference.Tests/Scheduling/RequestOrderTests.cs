namespace MediaScore.Inference.Tests.Scheduling;

public sealed class RequestOrderTests
{
    [Fact]
    public async Task The_earliest_deadline_runs_first_within_a_class()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");

        pool.Ask(handle, 2, deadlineMs: 300);
        pool.Ask(handle, 3, deadlineMs: 100);
        pool.Ask(handle, 4, deadlineMs: 200);
        model.Release(4);

        (await NumbersAsync(model, 3)).ShouldBe([3, 4, 2]);
    }

    [Fact]
    public async Task Equal_deadlines_run_in_the_order_of_arrival()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");

        for (var number = 2; number <= 6; number++)
            pool.Ask(handle, number);
        model.Release(6);

        (await NumbersAsync(model, 5)).ShouldBe([2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task Classes_run_in_their_order_whatever_the_deadlines_and_whatever_the_model()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load("first");
        var (other, otherModel) = pool.Load("second", open: true);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");

        pool.Ask(other, 2, RequestClass.Deferred, 1);
        pool.Ask(other, 3, RequestClass.Sampled, 10);
        pool.Ask(other, 4, RequestClass.Terminal, 100);
        pool.Ask(other, 5, RequestClass.Live, 1000);
        model.Release();

        (await NumbersAsync(otherModel, 4)).ShouldBe([5, 4, 3, 2]);
    }

    [Fact]
    public async Task Deferred_work_gets_its_share_while_live_work_never_ends()
    {
        await using var pool = new PoolFixture(configure: options => options.DeferredShare = 4);
        var (handle, model) = pool.Load();
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");

        pool.Ask(handle, 100, RequestClass.Deferred);
        pool.Ask(handle, 101, RequestClass.Deferred);
        for (var number = 2; number <= 10; number++)
            pool.Ask(handle, number);
        model.Release(12);

        (await NumbersAsync(model, 11)).ShouldBe([2, 3, 4, 100, 5, 6, 7, 101, 8, 9, 10]);
    }

    [Fact]
    public async Task Two_workers_run_two_models_at_once()
    {
        await using var pool = new PoolFixture(workers: 2);
        var (handle, model) = pool.Load("first");
        var (other, otherModel) = pool.Load("second");

        var first = pool.Ask(handle, 1);
        var second = pool.Ask(other, 2);
        await model.NextRunAsync("the first model on one worker");
        await otherModel.NextRunAsync("the second model on the other");
        model.Release();
        otherModel.Release();

        (await first.AnswerAsync()).ShouldBe(2);
        (await second.AnswerAsync()).ShouldBe(4);
        model.Threads.Single().ShouldNotBe(otherModel.Threads.Single());
    }

    [Fact]
    public async Task While_live_requests_come_one_worker_takes_no_deferred_work()
    {
        await using var pool = new PoolFixture(workers: 2);
        var (slow, slowModel) = pool.Load("slow");
        var (sound, soundModel) = pool.Load("sound", open: true);
        await pool.Ask(sound, 1).AnswerAsync();

        pool.Ask(slow, 2, RequestClass.Deferred);
        pool.Ask(slow, 3, RequestClass.Deferred);
        await slowModel.NextRunAsync("one deferred run");
        (await pool.Ask(sound, 4).AnswerAsync()).ShouldBe(8);

        // The worker that answered has looked for work, and left the second deferred row where it was.
        slowModel.NothingBegan.ShouldBeTrue();
        pool.Statistics("slow").QueueDepth.ShouldBe(1);
    }

    [Fact]
    public async Task All_workers_take_deferred_work_once_no_live_request_has_come_for_a_second()
    {
        await using var pool = new PoolFixture(workers: 2);
        var (slow, slowModel) = pool.Load("slow");
        var (sound, _) = pool.Load("sound", open: true);
        await pool.Ask(sound, 1).AnswerAsync();
        pool.Ask(slow, 2, RequestClass.Deferred);
        pool.Ask(slow, 3, RequestClass.Deferred);
        await slowModel.NextRunAsync("one deferred run");

        pool.Time.Advance(TimeSpan.FromSeconds(1));

        (await slowModel.NextRunAsync("the other deferred run")).ShouldBe([3]);
    }

    private static async Task<float[]> NumbersAsync(GatedModel model, int count)
    {
        var numbers = new List<float>();
        while (numbers.Count < count)
            numbers.AddRange(await model.NextRunAsync($"run {numbers.Count + 1} of {count}"));
        return [.. numbers];
    }
}
