namespace MediaScore.Inference.Tests.Scheduling;

public sealed class FailureTests
{
    [Fact]
    public async Task A_row_that_makes_its_batch_throw_fails_alone()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(maxBatch: 8);
        model.Poison.Add(3);
        pool.Ask(handle, 1);
        await model.NextRunAsync("the first row");
        var requests = Enumerable.Range(2, 3).Select(number => pool.Ask(handle, number)).ToArray();
        pool.Time.Advance(TimeSpan.FromMilliseconds(10));

        // The first row, the batch of three, and each of the three alone.
        model.Release(5);

        (await requests[0].AnswerAsync()).ShouldBe(4);
        (await requests[2].AnswerAsync()).ShouldBe(8);
        (await Should.ThrowAsync<InvalidDataException>(requests[1].Task)).Message.ShouldContain("Row 3");
        pool.Statistics().Failed.ShouldBe(1);
    }

    [Fact]
    public async Task A_lone_row_that_throws_fails_and_the_worker_goes_on()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(open: true);
        model.Poison.Add(3);

        await Should.ThrowAsync<InvalidDataException>(pool.Ask(handle, 3).Task);

        (await pool.Ask(handle, 4).AnswerAsync()).ShouldBe(8);
        model.Threads.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Wrong_inputs_are_refused_before_they_are_queued()
    {
        await using var pool = new PoolFixture();
        var (handle, _) = pool.Load(open: true);
        var row = new RowInput(new float[1], new RowShape(1));

        Should.Throw<ArgumentException>(() => pool.Pool.RunAsync(handle, new[] { row, row }, new[] { new Memory<float>(new float[1]) }, RequestClass.Live).AsTask())
            .Message.ShouldContain("1 inputs (x) and 1 outputs (y), not 2 and 1");
        Should.Throw<ArgumentException>(() => pool.Pool.RunAsync(handle, new RowInput(new long[1], new RowShape(1)), new float[1], RequestClass.Live).AsTask())
            .Message.ShouldContain("takes float values");
        Should.Throw<ArgumentException>(() => new RowInput(new float[3], new RowShape(2, 2))).Message.ShouldContain("[2, 2] takes 4 values, not 3");
    }

    [Fact]
    public async Task A_name_is_loaded_once_and_never_from_two_files()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load("twice", open: true);

        pool.Pool.Load(new ModelLoad("twice", "twice.onnx")).ShouldBeSameAs(handle);
        Should.Throw<InvalidOperationException>(() => pool.Pool.Load(new ModelLoad("twice", "other.onnx"))).Message.ShouldContain("other.onnx");
        model.IsDisposed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_handle_of_another_pool_is_refused()
    {
        await using var pool = new PoolFixture();
        await using var other = new PoolFixture();
        var (handle, _) = other.Load(open: true);

        Should.Throw<ArgumentException>(() => { pool.Ask(handle, 1); }).Message.ShouldContain("another pool");
    }
}
