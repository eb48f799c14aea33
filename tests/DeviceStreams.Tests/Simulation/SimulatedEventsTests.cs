using MediaScore.DeviceStreams.Simulation;
using MediaScore.DeviceStreams.Tests.Support;

namespace MediaScore.DeviceStreams.Tests.Simulation;

public sealed class SimulatedEventsTests
{
    [Fact]
    public async Task Waits_grow_from_cut_to_cut_and_begin_anew_after_a_connection_that_held()
    {
        var (time, counts, lives) = (new HurriedTime(), new SimulationCounts(), 0);
        var events = Of(time, counts, (_, _) => 1, limit: 1);
        Task LiveAsync(CancellationToken life)
        {
            if (++lives == 6)
                time.Pass(TimeSpan.FromSeconds(30));
            if (lives <= 7 || events.Count == 0)
                throw new IOException("cut");
            events.Forget(1);
            return Task.CompletedTask;
        }

        await DeviceSite.WithinAsync(events.RunAsync(LiveAsync, static fault => fault is IOException, TestContext.Current.CancellationToken), () => "the end");

        // A fifth more or less each; the event itself is there within a ten-thousandth of a second.
        var waits = time.Waits.Select(wait => wait.TotalSeconds).Where(seconds => seconds > 0.1).Take(7).ToList();
        double[] due = [0.2, 0.4, 0.8, 1.6, 3.2, 0.2, 0.4];
        waits.Count.ShouldBe(due.Length);
        for (var i = 0; i < due.Length; i++)
            waits[i].ShouldBeInRange(due[i] * 0.79, due[i] * 1.21, $"wait {i + 1}");
        counts.Reconnects.ShouldBeGreaterThanOrEqualTo(due.Length);
    }

    [Fact]
    public async Task A_fault_in_what_happens_is_not_taken_for_the_end()
    {
        var counts = new SimulationCounts();
        var events = Of(new HurriedTime(), counts, (_, _) => counts.Sent < 3 ? 1 : throw new InvalidOperationException("broken"));
        Task LiveAsync(CancellationToken life)
        {
            events.Forget(events.Count);
            return Task.CompletedTask;
        }

        var living = events.RunAsync(LiveAsync, static fault => fault is IOException, TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<InvalidOperationException>(() => living.WaitAsync(TimeSpan.FromSeconds(60)))).Message.ShouldBe("broken");
        counts.Sent.ShouldBe(3);
    }

    [Fact]
    public async Task What_goes_wrong_otherwise_than_by_a_cut_comes_out_and_nothing_happens_any_more()
    {
        var counts = new SimulationCounts();
        var events = Of(new HurriedTime(), counts, (_, _) => 1);

        await Should.ThrowAsync<NotSupportedException>(
            () => events.RunAsync(_ => throw new NotSupportedException(), static fault => fault is IOException, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60)));

        events.HasEnded.ShouldBeTrue();
    }

    private static SimulatedEvents<int> Of(TimeProvider time, SimulationCounts counts, Func<DateTimeOffset, Random, int> next, long limit = long.MaxValue) =>
        new(perSecond: 10_000, limit, seed: 1, Misbehaviour.None, time, counts, next);
}
