using MediaScore.Pipelines.FinalPass;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Pipelines.Tests.FinalPass;

public sealed class FinalPassThreadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Waiting_for_a_disk_in_the_middle_of_a_step_is_no_wish_for_a_core()
    {
        Assert.SkipWhen(RunQueueClock.TryOpen() is null, "This system does not count how long a thread waits for a core.");
        var time = new FakeTimeProvider();
        using var thread = new FinalPassThread(time);

        // The step takes an hour of which it computes next to nothing.
        await RunAsync(thread, () => time.Advance(TimeSpan.FromHours(1)));
        var (wanted, cpu) = await RunAsync(thread, () => thread.Spent);

        cpu.ShouldBeGreaterThan(TimeSpan.Zero);
        wanted.ShouldBeInRange(cpu, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_it_has_spent_can_be_asked_for_after_its_end()
    {
        var thread = new FinalPassThread(TimeProvider.System);
        await RunAsync(thread, () => true);
        var before = thread.Spent;
        thread.Dispose();
        // Runs when the thread has ended or is about to.
        await RunAsync(thread, () => true);

        thread.Spent.Wanted.ShouldBeGreaterThanOrEqualTo(before.Wanted);
    }

    [Theory]
    [InlineData("123456 789 12\n", true, 789)]
    [InlineData("0 33220 1\n", true, 33220)]
    // Nothing is counted.
    [InlineData("0 0 0\n", false, 0)]
    [InlineData("", false, 0)]
    [InlineData("12", false, 0)]
    [InlineData("12 13", false, 13)]
    [InlineData("12 13 ", false, 13)]
    [InlineData("twelve", false, 0)]
    public void The_time_in_the_queue_is_the_second_number_of_a_line_that_counts(string line, bool counts, long waited)
    {
        RunQueueClock.TryParse(System.Text.Encoding.ASCII.GetBytes(line), out var nanoseconds).ShouldBe(counts);
        nanoseconds.ShouldBe(waited);
    }

    private static Task RunAsync(FinalPassThread thread, Action step) => RunAsync(thread, () =>
    {
        step();
        return true;
    });

    private static Task<T> RunAsync<T>(FinalPassThread thread, Func<T> step) =>
        Task.Factory.StartNew(step, CancellationToken.None, TaskCreationOptions.DenyChildAttach, thread).WaitAsync(Patience);
}
