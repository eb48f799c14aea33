using MediaScore.DeviceStreams.Simulation;
using MediaScore.Load.Measuring;
using MediaScore.Load.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Load.Tests.Terminals;

public sealed class TerminalAccountTests
{
    private static readonly HashSet<string> Enrolled = ["1001", "1002"];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero));
    private readonly LoadMeter _meter;
    private readonly TerminalAccount _account;

    public TerminalAccountTests()
    {
        _meter = new LoadMeter(_time);
        _account = new TerminalAccount(_meter, _time);
    }

    [Fact]
    public void Decisions_count_from_the_intended_time_of_the_frame_that_decided()
    {
        _meter.OpenWindow();
        var due = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMilliseconds(120));

        Decide("Granted", "1001", "1001", due);

        _meter.Decisions.Window().P99.ShouldBe(120, 1);
        _account.Outcomes.ShouldBe(new Dictionary<string, long> { ["Granted"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void What_was_due_before_or_after_the_window_is_in_no_count()
    {
        var before = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        _meter.OpenWindow();
        Decide("Granted", "1001", "1001", before);
        Frame("Used", before);
        _time.Advance(TimeSpan.FromSeconds(1));
        _meter.CloseWindow();
        _time.Advance(TimeSpan.FromSeconds(1));

        Decide("Granted", "1001", "1001", _time.GetUtcNow());
        Frame("Busy", _time.GetUtcNow());

        _account.Outcomes.ShouldBeEmpty();
        _account.Verdicts.ShouldBeEmpty();
        _meter.Decisions.Window().Count.ShouldBe(0);
    }

    [Fact]
    public void Right_wrong_and_missed_people_are_told_apart_and_a_decision_of_time_has_no_latency()
    {
        _meter.OpenWindow();
        var due = _time.GetUtcNow();
        Decide("Granted", "1001", "1001", due);
        Decide("Granted", "1001", "1002", due);
        Decide("NotRecognised", "1002", "", due);
        // Nobody whom the server could know.
        Decide("NotRecognised", "", "", due);
        Decide("NotRecognised", "1003", "", due);
        Decide("TimedOut", "1001", "", null);

        (_account.Recognised, _account.TakenForAnother, _account.NotRecognised, _account.Untimed).ShouldBe((1, 1, 2, 1));
        _meter.Decisions.Window().Count.ShouldBe(5);
    }

    [Fact]
    public void Frames_are_counted_by_what_the_server_said_and_a_late_sender_is_seen()
    {
        _meter.OpenWindow();
        var due = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMilliseconds(30));

        Frame("Used", due);
        Frame("Busy", due);
        Frame("Busy", due);

        _account.Verdicts.ShouldBe(new Dictionary<string, long> { ["Used"] = 1, ["Busy"] = 2 }, ignoreOrder: true);
        _meter.TerminalLag.Window().P50.ShouldBe(30, 1);
    }

    private void Decide(string outcome, string expected, string recognised, DateTimeOffset? due) =>
        _account.Decided(new SimulatedDecision("LOAD-001", outcome, expected, recognised, due, _time.GetUtcNow()), Enrolled);

    private void Frame(string verdict, DateTimeOffset due) => _account.Framed(new SimulatedFrame("LOAD-001", verdict, due, _time.GetUtcNow(), _time.GetUtcNow()));
}
