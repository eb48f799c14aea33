using MediaScore.Pipelines.FinalPass;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Pipelines.Tests.FinalPass;

public sealed class FinalPassQueueTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _begun = [];

    [Fact]
    public async Task No_more_passes_run_at_once_than_are_allowed_and_all_get_their_turn()
    {
        using var queue = Open(concurrency: 2);
        var passes = Enumerable.Range(0, 5).Select(i => new Pass(this, queue, $"{i}")).ToList();

        await passes[1].Begun;
        (queue.RunningCount, queue.WaitingCount).ShouldBe((2, 3));
        foreach (var pass in passes)
        {
            await pass.Begun;
            queue.RunningCount.ShouldBeLessThanOrEqualTo(2);
            pass.End();
            await pass.Done;
        }

        _begun.ShouldBe(["0", "1", "2", "3", "4"], ignoreOrder: true);
        (queue.RunningCount, queue.WaitingCount, queue.DoneCount).ShouldBe((0, 0, 5));
    }

    [Fact]
    public async Task A_short_pass_goes_before_a_long_one_that_came_just_before_but_not_before_one_that_has_waited()
    {
        using var queue = Open(concurrency: 1);
        var first = new Pass(this, queue, "first");
        await first.Begun;
        var waited = new Pass(this, queue, "waited", expectedSeconds: 60);
        _time.Advance(TimeSpan.FromMinutes(2));
        var longer = new Pass(this, queue, "longer", expectedSeconds: 60);
        var brief = new Pass(this, queue, "brief");

        foreach (var pass in (Pass[])[first, waited, brief, longer])
        {
            await pass.Begun;
            pass.End();
            await pass.Done;
        }

        _begun.ShouldBe(["first", "waited", "brief", "longer"]);
    }

    [Fact]
    public async Task What_a_pass_computes_between_its_waits_runs_on_the_one_thread_of_all_passes()
    {
        using var queue = Open(concurrency: 3);
        var threads = new System.Collections.Concurrent.ConcurrentBag<string?>();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => queue.RunAsync(
            TimeSpan.Zero,
            TimeSpan.FromSeconds(1),
            async _ =>
            {
                threads.Add(Thread.CurrentThread.Name);
                await Task.Yield();
                threads.Add(Thread.CurrentThread.Name);
                await Task.Run(() => { }, None);
                threads.Add(Thread.CurrentThread.Name);
            },
            None))).WaitAsync(Patience);

        threads.ShouldAllBe(name => name == "final-pass");
        threads.Count.ShouldBe(9);
    }

    [Fact]
    public async Task A_pass_that_fails_or_is_given_up_while_it_waits_leaves_its_place_to_the_next()
    {
        using var queue = Open(concurrency: 1);
        using var givesUp = new CancellationTokenSource();
        var fails = new Pass(this, queue, "fails");
        await fails.Begun;
        var waits = queue.RunAsync(TimeSpan.Zero, TimeSpan.Zero, _ => Task.CompletedTask, givesUp.Token);
        var next = new Pass(this, queue, "next");

        await givesUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waits.WaitAsync(Patience));
        fails.End(new InvalidOperationException("scripted"));
        await Should.ThrowAsync<InvalidOperationException>(() => fails.Done);
        await next.Begun;
        next.End();
        await next.Done;

        (queue.RunningCount, queue.WaitingCount, queue.DoneCount).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task With_no_concurrency_every_pass_waits_until_it_is_given_up()
    {
        using var queue = Open(concurrency: 0);
        using var stopping = new CancellationTokenSource();
        var passes = Enumerable.Range(0, 3).Select(_ => queue.RunAsync(TimeSpan.Zero, TimeSpan.Zero, _ => Task.CompletedTask, stopping.Token)).ToList();

        queue.WaitingCount.ShouldBe(3);
        await stopping.CancelAsync();

        foreach (var pass in passes)
            await Should.ThrowAsync<OperationCanceledException>(() => pass.WaitAsync(Patience));
        queue.WaitingCount.ShouldBe(0);
    }

    private FinalPassQueue Open(int concurrency) => new(new FinalPassOptions { Concurrency = concurrency }, _time);

    private sealed class Pass
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _done;

        public Pass(FinalPassQueueTests test, FinalPassQueue queue, string name, double expectedSeconds = 0) => _done = queue.RunAsync(
            TimeSpan.FromSeconds(expectedSeconds),
            TimeSpan.FromSeconds(10),
            _ =>
            {
                test._begun.Add(name);
                _begun.SetResult();
                return _end.Task;
            },
            None);

        public Task Begun => _begun.Task.WaitAsync(Patience);

        public Task Done => _done.WaitAsync(Patience);

        public void End(Exception? fault = null)
        {
            if (fault is null)
                _end.SetResult();
            else
                _end.SetException(fault);
        }
    }
}
