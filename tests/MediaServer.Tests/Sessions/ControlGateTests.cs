using MediaScore.Assessment.Plans;
using MediaScore.MediaServer.Sessions;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class ControlGateTests
{
    [Fact]
    public void Of_ends_that_come_after_the_time_limit_at_most_one_is_recorded()
    {
        var plan = PlanParser.Parse(File.ReadAllBytes(Path.Combine(SharedTestData.RepositoryRoot, "plans", "store-manager.yaml"))).Plan!;
        var gate = new ControlGate(plan, [], 0, (start, limit, _) => start + limit);
        gate.Check(MediaTime.Zero, "late-dish", "late-dish-response", 1, begins: true).Record.ShouldBeTrue();

        var ends = Enumerable.Range(0, 5).Select(i => gate.Check(MediaTime.FromMilliseconds(600_000 + i), "late-dish", "late-dish-response", 1, begins: false)).ToList();

        ends.ShouldAllBe(e => e.Refusal == FlowRefusal.None);
        ends.Count(e => e.Record).ShouldBeLessThanOrEqualTo(1);
        // And what was said is done: the next question begins.
        gate.Check(MediaTime.FromMilliseconds(601_000), "falling-results", "falling-results-talk", 1, begins: true).Record.ShouldBeTrue();
    }
}
