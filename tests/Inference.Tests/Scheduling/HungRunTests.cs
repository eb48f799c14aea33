using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace MediaScore.Inference.Tests.Scheduling;

/// <summary>A gated model that nobody releases hangs.</summary>
public sealed class HungRunTests
{
    [Fact]
    public async Task Its_requests_fail_and_another_thread_goes_on_in_its_place()
    {
        await using var pool = new PoolFixture(workers: 1);
        using var hung = new MetricCollector<long>(pool.Pool, InferenceMeter.Name, "mediascore.inference.runs.hung");
        var (other, _) = pool.Load("other", open: true);
        var request = await HangAsync(pool);

        (await Should.ThrowAsync<InferenceFailedException>(request.Task)).Message.ShouldBe("Model 'gated': the run did not end within 30 s and was given up.");

        (await pool.Ask(other, 2).AnswerAsync()).ShouldBe(4);
        pool.Pool.Faults.ShouldHaveSingleItem().ShouldStartWith("A run of model 'gated' has not ended for 45 s.");
        pool.Statistics().ShouldSatisfyAllConditions(model => model.Failed.ShouldBe(1), model => model.Requests.ShouldBe(1));
        hung.LastMeasurement!.Value.ShouldBe(1);
        pool.Log.Collector.GetSnapshot().ShouldContain(record => record.Level == LogLevel.Critical && record.Message.Contains("gated"));
    }

    [Fact]
    public async Task A_run_within_its_limit_is_left_alone()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        var request = pool.Ask(handle, 1);
        await model.NextRunAsync("the run");

        pool.Time.Advance(TimeSpan.FromSeconds(30));
        pool.Pool.Faults.ShouldBeEmpty();
        model.Release();

        (await request.AnswerAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_comes_after_all_is_not_written_and_the_fault_is_over()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        var request = pool.Ask(handle, 1);
        await model.NextRunAsync("the run that hangs");
        pool.PassTheRunLimit();
        await Should.ThrowAsync<InferenceFailedException>(request.Task);

        model.Release();
        await pool.LoggedAsync("has come back");

        pool.Statistics().Batches.ShouldBe(1, "it took the machine's time all the same");
        request.Output[0].ShouldBe(0);
        pool.Pool.Faults.ShouldBeEmpty();
        model.IsOpen = true;
        (await pool.Ask(handle, 3).AnswerAsync()).ShouldBe(6);
    }

    [Fact]
    public async Task Its_slot_stands_where_it_stood_and_can_be_stepped_again()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(recurrent: true);
        using var slot = pool.Pool.OpenSlot(handle, "hung");
        async Task<float> StepAsync(float number)
        {
            var output = new float[1];
            await pool.Pool.StepAsync(slot, new RowInput(new[] { number }, new RowShape(1)), output, RequestClass.Live);
            return output[0];
        }

        var hangs = StepAsync(100);
        await model.NextRunAsync("the step that hangs");
        pool.PassTheRunLimit();
        await Should.ThrowAsync<InferenceFailedException>(hangs);
        model.Release();
        await pool.LoggedAsync("has come back");
        model.IsOpen = true;

        (await StepAsync(5)).ShouldBe(5);
    }

    [Fact]
    public async Task Threads_are_replaced_up_to_twice_the_workers()
    {
        await using var pool = new PoolFixture(workers: 1);
        var waits = await LoseAllThreadsAsync(pool);

        pool.Pool.Faults.Count.ShouldBe(2);
        waits.Model.Threads.Distinct().Count().ShouldBe(2);
        waits.Request.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_pool_that_lost_all_its_threads_goes_on_when_one_comes_back()
    {
        await using var pool = new PoolFixture(workers: 1);
        var waits = await LoseAllThreadsAsync(pool);

        waits.Model.IsOpen = true;
        waits.Model.Release(2);

        (await waits.Request.AnswerAsync()).ShouldBe(6);
        await pool.LoggedAsync("has come back");
        await pool.LoggedAsync("has come back");
        pool.Pool.Faults.ShouldBeEmpty();
        (await pool.Ask(waits.Handle, 4).AnswerAsync()).ShouldBe(8);
    }

    [Fact]
    public async Task What_waits_in_a_pool_that_ends_without_threads_fails_and_its_slot_is_free()
    {
        await using var pool = new PoolFixture(workers: 1, options => options.QueueCapacity = 1);
        var (recurrent, _) = pool.Load("recurrent", recurrent: true);
        using var slot = pool.Pool.OpenSlot(recurrent, "waits");
        using var batch = new HangingBatch();
        var waits = await LoseAllThreadsAsync(pool);
        using var registration = pool.Pool.Register(batch);
        var waitsForPlace = pool.Ask(waits.Handle, 4);
        var step = pool.Pool.StepAsync(slot, new RowInput(new float[1], new RowShape(1)), new float[1], RequestClass.Live).AsTask();

        await PoolFixture.Within(pool.Pool.DisposeAsync().AsTask(), "the end of the pool");

        foreach (var request in (Task[])[waits.Request.Task, waitsForPlace.Task, step])
            (await Should.ThrowAsync<InferenceFailedException>(() => PoolFixture.Within(request, "the failure"))).Message.ShouldContain("no worker was left");
        slot.Reset();
        batch.Reasons.ShouldHaveSingleItem();
        pool.Statistics().ShouldSatisfyAllConditions(model => model.QueueDepth.ShouldBe(0), model => model.Requests.ShouldBe(4), model => model.Failed.ShouldBe(4));
    }

    [Fact]
    public async Task A_process_that_stood_still_has_no_hung_run()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        var request = pool.Ask(handle, 1);
        await model.NextRunAsync("the run");

        // Five minutes in a frozen container; then time goes on for one look, at which the run had no time to end.
        pool.Time.Advance(TimeSpan.FromMinutes(5));
        pool.Time.Advance(TimeSpan.FromSeconds(7.5));
        pool.Pool.Faults.ShouldBeEmpty();
        model.Release();

        (await request.AnswerAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Rows_that_came_out_well_are_answered_before_the_others_are_run_again_and_hang()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8, recurrent: true);
        using var goodSlot = pool.Pool.OpenSlot(handle, "good");
        using var badSlot = pool.Pool.OpenSlot(handle, "bad");
        using var worseSlot = pool.Pool.OpenSlot(handle, "worse");
        model.FailsAlone.UnionWith([13, 14]);
        Task<RunOutcome> Step(StateSlot slot, float number) =>
            pool.Pool.StepAsync(slot, new RowInput(new[] { number }, new RowShape(1)), new float[1], RequestClass.Live).AsTask();
        var first = Step(goodSlot, 1);
        await model.NextRunAsync("the row that holds the worker");
        var bad = Step(badSlot, 13);
        var worse = Step(worseSlot, 14);
        model.Release();
        await PoolFixture.Within(first, "the first row");
        var good = Step(goodSlot, 2);
        pool.Time.Advance(TimeSpan.FromMilliseconds(10));
        (await model.NextRunAsync("the batch")).ShouldBe([13, 14, 2], ignoreOrder: true);
        model.Release();

        (await model.NextRunAsync("the first that is run again")).ShouldBe([13]);
        (await PoolFixture.Within(good, "the good row")).ShouldBe(RunOutcome.Completed);
        model.Release();
        (await model.NextRunAsync("the second that is run again, which hangs")).ShouldBe([14]);
        await Should.ThrowAsync<InvalidDataException>(bad);
        pool.PassTheRunLimit();

        (await Should.ThrowAsync<InferenceFailedException>(worse)).Message.ShouldContain("given up");
        (goodSlot.StepCount, badSlot.StepCount, worseSlot.StepCount).ShouldBe((2, 0, 0));
        pool.Statistics().ShouldSatisfyAllConditions(statistics => statistics.Requests.ShouldBe(4), statistics => statistics.Failed.ShouldBe(2));
    }

    [Fact]
    public async Task The_pool_ends_without_it_and_does_not_free_what_it_uses()
    {
        var pool = new PoolFixture();
        await using var _ = pool;
        var (handle, model) = pool.Load();
        var (other, otherModel) = pool.Load("other", open: true);
        await pool.Ask(other, 1).AnswerAsync();
        var request = pool.Ask(handle, 1);
        await model.NextRunAsync("the run that hangs");
        pool.PassTheRunLimit();
        await Should.ThrowAsync<InferenceFailedException>(request.Task);

        await PoolFixture.Within(pool.Pool.DisposeAsync().AsTask(), "the end of the pool");

        otherModel.IsDisposed.ShouldBeTrue();
        model.IsDisposed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_step_that_hangs_fails_those_who_wait_again_and_again_and_is_stepped_on_when_it_returns()
    {
        await using var pool = new PoolFixture();
        var (other, _) = pool.Load("other", open: true);
        using var batch = new HangingBatch();
        using var registration = pool.Pool.Register(batch);
        registration.Signal();
        await PoolFixture.Within(batch.Begun, "the first step");

        pool.PassTheRunLimit();
        var once = batch.Reasons.Count;
        pool.PassTheRunLimit();

        once.ShouldBeGreaterThan(0);
        batch.Reasons.Count.ShouldBeGreaterThan(once);
        registration.IsHung.ShouldBeTrue();
        (await pool.Ask(other, 2).AnswerAsync()).ShouldBe(4);
        batch.Release();
        await PoolFixture.Within(batch.SteppedAgain, "the second step");
    }

    private static async Task<PoolRequest> HangAsync(PoolFixture pool)
    {
        var (handle, model) = pool.Load();
        var request = pool.Ask(handle, 1);
        await model.NextRunAsync("the run that hangs");
        pool.PassTheRunLimit();
        return request;
    }

    /// <summary>Hangs the one worker and the one that took its place; asks for the double of 3, which nobody is left to run.</summary>
    private static async Task<(PoolRequest Request, ModelHandle Handle, GatedModel Model)> LoseAllThreadsAsync(PoolFixture pool)
    {
        var (handle, model) = pool.Load();
        for (var number = 1; number <= 2; number++)
        {
            var request = pool.Ask(handle, number);
            await model.NextRunAsync("the next run that hangs");
            pool.PassTheRunLimit();
            await Should.ThrowAsync<InferenceFailedException>(request.Task);
        }

        return (pool.Ask(handle, 3), handle, model);
    }

    /// <summary>Hangs in its first step until it is released, then has work for one more.</summary>
    private sealed class HangingBatch : IContinuousBatch, IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _gate = new(0);
        private volatile int _stepsLeft = 2;

        public string Name => "hanging";

        public bool HasWork => _stepsLeft > 0;

        public RequestClass MostUrgentClass => RequestClass.Live;

        public long EarliestDeadline => 0;

        public int DeferredCount => 0;

        public List<Exception> Reasons { get; } = [];

        public Task Begun => _begun.Task;

        public Task SteppedAgain => _again.Task;

        public void Release() => _gate.Release();

        public int Step()
        {
            if (_begun.TrySetResult())
                _gate.Wait(TimeSpan.FromSeconds(20));
            else
                _again.TrySetResult();
            _stepsLeft--;
            return 1;
        }

        public void GiveUp(Exception reason) => Reasons.Add(reason);

        public void Dispose() => _gate.Dispose();
    }
}
