using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace MediaScore.Inference.Tests.Scheduling;

/// <summary>A gated model that nobody releases hangs.</summary>
public sealed class HungRunTests
{
    private static readonly TimeSpan PastTheLimit = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Its_requests_fail_and_another_thread_goes_on_in_its_place()
    {
        await using var pool = new PoolFixture(workers: 1);
        using var hung = new MetricCollector<long>(pool.Pool, InferenceMeter.Name, "mediascore.inference.runs.hung");
        var (other, _) = pool.Load("other", open: true);
        var request = await HangAsync(pool);

        (await Should.ThrowAsync<InferenceFailedException>(request.Task)).Message.ShouldBe("Model 'gated': the run did not end within 30 s and was given up.");

        (await pool.Ask(other, 2).AnswerAsync()).ShouldBe(4);
        pool.Pool.Faults.ShouldHaveSingleItem().ShouldStartWith("A run of model 'gated' has not ended for 40 s.");
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
        pool.Time.Advance(PastTheLimit);
        await Should.ThrowAsync<InferenceFailedException>(request.Task);

        model.Release();
        await pool.LoggedAsync("has come back");

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
        pool.Time.Advance(PastTheLimit);
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
        var (handle, model) = pool.Load();
        for (var number = 1; number <= 2; number++)
        {
            var request = pool.Ask(handle, number);
            await model.NextRunAsync("the next run that hangs");
            pool.Time.Advance(PastTheLimit);
            await Should.ThrowAsync<InferenceFailedException>(request.Task);
        }

        var waits = pool.Ask(handle, 3);

        pool.Pool.Faults.Count.ShouldBe(2);
        model.Threads.Distinct().Count().ShouldBe(2);
        waits.Task.IsCompleted.ShouldBeFalse();
        await pool.Pool.DisposeAsync();
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
        pool.Time.Advance(PastTheLimit);
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

        pool.Time.Advance(PastTheLimit);
        var once = batch.Reasons.Count;
        pool.Time.Advance(PastTheLimit);

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
        pool.Time.Advance(PastTheLimit);
        return request;
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
