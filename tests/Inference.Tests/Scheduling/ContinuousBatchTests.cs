using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace MediaScore.Inference.Tests.Scheduling;

public sealed class ContinuousBatchTests
{
    [Fact]
    public async Task It_is_stepped_until_it_has_no_work()
    {
        await using var pool = new PoolFixture(workers: 2);
        var batch = new Countdown();
        using var registration = pool.Pool.Register(batch);

        batch.Begin(5);
        registration.Signal();
        await PoolFixture.Within(batch.Ended, "the last step");

        batch.MostAtOnce.ShouldBe(1);
        await pool.Pool.DisposeAsync();
        pool.Statistics("countdown").ShouldSatisfyAllConditions(model => model.Batches.ShouldBe(5), model => model.Rows.ShouldBe(10));
    }

    [Fact]
    public async Task Live_rows_go_between_the_steps_of_deferred_work()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        var batch = new Countdown { MostUrgentClass = RequestClass.Deferred };
        using var registration = pool.Pool.Register(batch);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");
        batch.Begin(3);
        registration.Signal();
        var live = pool.Ask(handle, 2);

        batch.StepCount.ShouldBe(0);
        model.Release();
        await model.NextRunAsync("the live row, before any step");
        batch.StepCount.ShouldBe(0);
        model.Release();

        await live.AnswerAsync();
        await PoolFixture.Within(batch.Ended, "the deferred steps");
    }

    [Fact]
    public async Task A_live_batch_goes_before_deferred_rows()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        var batch = new Countdown { MostUrgentClass = RequestClass.Live, EarliestDeadline = long.MaxValue };
        using var registration = pool.Pool.Register(batch);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");
        pool.Ask(handle, 2, RequestClass.Deferred);
        batch.Begin(3);
        registration.Signal();

        model.Release();
        await model.NextRunAsync("the deferred row");

        batch.StepCount.ShouldBe(3);
    }

    [Fact]
    public async Task A_batch_that_throws_is_logged_and_left_alone_until_the_next_signal()
    {
        await using var pool = new PoolFixture();
        var (handle, _) = pool.Load(open: true);
        var batch = new Countdown { Fault = new InvalidDataException("bad step") };
        using var registration = pool.Pool.Register(batch);
        batch.Begin(2);
        registration.Signal();
        await PoolFixture.Within(batch.Stepped, "the first step");

        await pool.Ask(handle, 1).AnswerAsync();
        batch.StepCount.ShouldBe(1);
        pool.Log.Collector.GetSnapshot().Single(record => record.Id.Id == 4).Exception!.Message.ShouldBe("bad step");
        batch.Fault = null;
        registration.Signal();

        await PoolFixture.Within(batch.Ended, "the second step");
    }

    [Fact]
    public async Task Who_signals_while_a_step_throws_is_not_left_alone()
    {
        await using var pool = new PoolFixture();
        var batch = new Countdown { Fault = new InvalidDataException("bad step") };
        using var registration = pool.Pool.Register(batch);
        batch.OnStep = () =>
        {
            batch.OnStep = null;
            registration.Signal();
        };
        batch.Begin(2);
        registration.Signal();

        await PoolFixture.Within(batch.SteppedTwice, "the step for who came during the first");
    }

    [Fact]
    public async Task A_step_that_throws_is_nobodys_and_no_batch_of_the_statistics()
    {
        await using var pool = new PoolFixture();
        using var sizes = new MetricCollector<int>(pool.Pool, InferenceMeter.Name, "mediascore.inference.batch.size");
        var batch = new Countdown { DeferredCount = 2, Fault = new InvalidDataException("bad step") };
        using var registration = pool.Pool.Register(batch);
        batch.Begin(1);
        registration.Signal();
        await PoolFixture.Within(batch.Stepped, "the step");

        await pool.Pool.DisposeAsync();

        pool.Statistics("countdown").ShouldSatisfyAllConditions(
            model => model.DeferredComputeSeconds.ShouldBe(0),
            model => model.Batches.ShouldBe(0),
            model => model.BatchSizes.Sum(bucket => bucket.Count).ShouldBe(0));
        sizes.GetMeasurementSnapshot().ShouldBeEmpty();
    }

    [Fact]
    public async Task Disposal_of_the_pool_steps_it_to_its_end()
    {
        var pool = new PoolFixture();
        var (handle, model) = pool.Load();
        var batch = new Countdown();
        using var registration = pool.Pool.Register(batch);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the row that holds the worker");
        batch.Begin(4);
        registration.Signal();

        var disposal = pool.Pool.DisposeAsync();
        model.Release();
        await disposal;

        batch.StepCount.ShouldBe(4);
    }

    [Fact]
    public async Task After_it_is_unregistered_it_is_never_stepped()
    {
        await using var pool = new PoolFixture();
        var (handle, _) = pool.Load(open: true);
        var batch = new Countdown();
        var registration = pool.Pool.Register(batch);

        registration.Dispose();
        batch.Begin(1);
        registration.Signal();
        await pool.Ask(handle, 1).AnswerAsync();

        batch.StepCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_its_members_that_can_wait_cost_is_counted_apart()
    {
        await using var pool = new PoolFixture();
        var batch = new Countdown { DeferredCount = 1 };
        using var registration = pool.Pool.Register(batch);

        batch.Begin(5);
        registration.Signal();
        await PoolFixture.Within(batch.Ended, "the last step");

        await pool.Pool.DisposeAsync();
        var statistics = pool.Statistics("countdown");
        // One of two members.
        statistics.DeferredComputeSeconds.ShouldBe(statistics.ComputeSeconds / 2, 1e-12);
    }

    /// <summary>Has work for so many steps of two members each.</summary>
    private sealed class Countdown : IContinuousBatch
    {
        private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _stepped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _steppedTwice = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left;
        private int _atOnce;
        private int _stepCount;

        public string Name => "countdown";

        public bool HasWork => Volatile.Read(ref _left) > 0;

        public RequestClass MostUrgentClass { get; set; } = RequestClass.Live;

        public long EarliestDeadline { get; set; }

        public int DeferredCount { get; set; }

        public Exception? Fault { get; set; }

        public int StepCount => Volatile.Read(ref _stepCount);

        public int MostAtOnce { get; private set; }

        public Task<bool> Ended => _ended.Task;

        public Task<bool> Stepped => _stepped.Task;

        public Task<bool> SteppedTwice => _steppedTwice.Task;

        public Action? OnStep { get; set; }

        public void Begin(int stepCount) => Volatile.Write(ref _left, stepCount);

        public int Step()
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
            if (Interlocked.Increment(ref _stepCount) == 2)
                _steppedTwice.TrySetResult(true);
            OnStep?.Invoke();
            var left = Interlocked.Decrement(ref _left);
            Interlocked.Decrement(ref _atOnce);
            _stepped.TrySetResult(true);
            if (Fault is not null)
                throw Fault;
            if (left == 0)
                _ended.TrySetResult(true);
            return 2;
        }
    }
}
