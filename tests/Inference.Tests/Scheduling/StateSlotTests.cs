namespace MediaScore.Inference.Tests.Scheduling;

/// <summary>The gated recurrent model answers the sum of all numbers that its slot has seen.</summary>
public sealed class StateSlotTests
{
    [Fact]
    public async Task Each_slot_has_its_own_state()
    {
        await using var pool = new PoolFixture();
        var (handle, _) = pool.Load(maxBatch: 4, open: true, recurrent: true);
        using var first = pool.Pool.OpenSlot(handle, "first");
        using var second = pool.Pool.OpenSlot(handle, "second");

        (await StepAsync(pool, first, 1)).ShouldBe(1);
        (await StepAsync(pool, second, 10)).ShouldBe(10);
        (await StepAsync(pool, first, 2)).ShouldBe(3);
        first.Reset();

        (await StepAsync(pool, first, 5)).ShouldBe(5);
        (await StepAsync(pool, second, 5)).ShouldBe(15);
        pool.Statistics().OpenSlots.ShouldBe(2);
    }

    [Fact]
    public async Task Many_steps_in_one_call_are_the_same_as_one_by_one_and_leave_the_slot_where_they_do()
    {
        await using var pool = new PoolFixture();
        var (handle, _) = pool.Load(maxBatch: 4, open: true, recurrent: true);
        using var slot = pool.Pool.OpenSlot(handle, "many");
        var sums = new float[4];

        await PoolFixture.Within(pool.Pool.StepManyAsync(slot, new float[] { 1, 2, 3, 4 }, new RowShape(1), 4, sums, RequestClass.Deferred).AsTask(), "four steps");

        sums.ShouldBe([1, 3, 6, 10]);
        (await StepAsync(pool, slot, 5)).ShouldBe(15);
    }

    [Fact]
    public async Task Many_steps_give_way_to_urgent_rows_between_two_steps()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(recurrent: true);
        using var recording = pool.Pool.OpenSlot(handle, "recording");
        using var interview = pool.Pool.OpenSlot(handle, "interview");
        var many = pool.Pool.StepManyAsync(recording, new float[] { 1, 2 }, new RowShape(1), 2, new float[2], RequestClass.Deferred).AsTask();
        await model.NextRunAsync("the first step");

        var live = StepAsync(pool, interview, 100);
        model.Release(3);

        (await model.NextRunAsync("the live row")).ShouldBe([100]);
        (await model.NextRunAsync("the second step")).ShouldBe([2]);
        (await live).ShouldBe(100);
        await PoolFixture.Within(many, "both steps");
    }

    [Fact]
    public async Task Cancelled_steps_leave_the_slot_after_the_last_whole_one()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(recurrent: true);
        using var slot = pool.Pool.OpenSlot(handle, "cancelled");
        using var source = new CancellationTokenSource();
        var many = pool.Pool.StepManyAsync(slot, new float[] { 1, 2, 3 }, new RowShape(1), 3, new float[3], RequestClass.Deferred, cancellationToken: source.Token).AsTask();
        await model.NextRunAsync("the first step");

        await source.CancelAsync();
        model.IsOpen = true;
        model.Release();

        await Should.ThrowAsync<OperationCanceledException>(many);
        (await StepAsync(pool, slot, 10)).ShouldBe(11);
    }

    [Fact]
    public async Task A_failed_step_leaves_the_state_as_it_was()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(open: true, recurrent: true);
        model.Poison.Add(13);
        using var slot = pool.Pool.OpenSlot(handle, "failing");
        await StepAsync(pool, slot, 1);

        await Should.ThrowAsync<InvalidDataException>(StepAsync(pool, slot, 13));

        (await StepAsync(pool, slot, 2)).ShouldBe(3);
    }

    [Fact]
    public async Task A_second_step_before_the_first_has_ended_is_an_error_that_names_the_owner()
    {
        await using var pool = new PoolFixture();
        var (handle, model) = pool.Load(recurrent: true);
        using var slot = pool.Pool.OpenSlot(handle, "interview 17");
        var first = StepAsync(pool, slot, 1);
        await model.NextRunAsync("the first step");

        (await Should.ThrowAsync<InvalidOperationException>(StepAsync(pool, slot, 2))).Message.ShouldContain("interview 17");
        Should.Throw<InvalidOperationException>(slot.Reset);
        model.Release();

        (await first).ShouldBe(1);
    }

    [Fact]
    public async Task A_slot_that_was_idle_for_too_long_is_taken_back_and_its_owner_logged()
    {
        await using var pool = new PoolFixture(configure: options => options.SlotIdleMinutes = 30);
        var (handle, _) = pool.Load(open: true, recurrent: true);
        var forgotten = pool.Pool.OpenSlot(handle, "forgotten");
        using var used = pool.Pool.OpenSlot(handle, "used");
        pool.Time.Advance(TimeSpan.FromMinutes(29));
        await StepAsync(pool, used, 1);
        pool.Time.Advance(TimeSpan.FromMinutes(2));

        using var fresh = pool.Pool.OpenSlot(handle, "fresh");

        pool.Statistics().OpenSlots.ShouldBe(2);
        pool.Log.LatestRecord.Message.ShouldContain("forgotten");
        (await Should.ThrowAsync<ObjectDisposedException>(StepAsync(pool, forgotten, 1))).Message.ShouldContain("30 idle minutes");
        (await StepAsync(pool, used, 1)).ShouldBe(2);
    }

    [Fact]
    public async Task No_more_slots_than_the_limit_are_opened_and_the_refusal_names_who_holds_them()
    {
        await using var pool = new PoolFixture(configure: options => options.MaxSlots = 2);
        var (handle, _) = pool.Load(open: true, recurrent: true);
        using var first = pool.Pool.OpenSlot(handle, "greedy");
        using var second = pool.Pool.OpenSlot(handle, "greedy");

        Should.Throw<InvalidOperationException>(() => pool.Pool.OpenSlot(handle, "third")).Message.ShouldContain("greedy (2)");
    }

    [Fact]
    public async Task Recurrent_and_stateless_models_are_not_confused()
    {
        await using var pool = new PoolFixture();
        var (recurrent, _) = pool.Load("recurrent", open: true, recurrent: true);
        var (stateless, _) = pool.Load("stateless", open: true);

        Should.Throw<InvalidOperationException>(() => { pool.Ask(recurrent, 1); }).Message.ShouldContain("open a slot");
        Should.Throw<InvalidOperationException>(() => pool.Pool.OpenSlot(stateless, "slot")).Message.ShouldContain("no recurrent state");
    }

    private static async Task<float> StepAsync(PoolFixture pool, StateSlot slot, float number)
    {
        var output = new float[1];
        var outcome = await PoolFixture.Within(
            pool.Pool.StepAsync(slot, new RowInput(new[] { number }, new RowShape(1)), output, RequestClass.Live).AsTask(), $"the step of {slot.Owner}");
        outcome.ShouldBe(RunOutcome.Completed);
        return output[0];
    }
}
