using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class NackTrackerTests
{
    private static readonly Instant Start = new(1_000_000);

    private readonly NackTracker _tracker = new(canAsk: true, TimeSpan.FromSeconds(2));

    [Fact]
    public void The_first_request_waits_for_reordering_and_no_longer()
    {
        _tracker.TryAdd(100, 102, Start);

        _tracker.NextAsk.ShouldBe(Start + NackTracker.ReorderAllowance);
        Due(14).ShouldBeEmpty();
        Due(15).ShouldBe([100, 101]);
    }

    [Fact]
    public void The_second_request_comes_a_round_trip_and_a_quarter_later_and_the_next_ones_more_seldom()
    {
        _tracker.SetRoundTripTime(TimeSpan.FromMilliseconds(80));
        _tracker.TryAdd(100, 101, Start);
        Due(15).Length.ShouldBe(1);

        Due(15 + 104).ShouldBeEmpty();
        Due(15 + 105).Length.ShouldBe(1);
        Due(15 + 105 + 136).ShouldBeEmpty();
        Due(15 + 105 + 137).Length.ShouldBe(1);
    }

    [Fact]
    public void Ten_requests_are_made_and_then_the_packet_is_given_up()
    {
        _tracker.SetRoundTripTime(TimeSpan.FromMilliseconds(5));
        _tracker.TryAdd(100, 101, Start);

        var asks = 0;
        for (var milliseconds = 0; milliseconds < 2000; milliseconds++)
            asks += Due(milliseconds).Length;

        asks.ShouldBe(10);
        _tracker.NextAsk.ShouldBe(Instant.Never);
        (_tracker.GiveUpAt - Start).TotalMilliseconds.ShouldBe(15 + 20 * (Math.Pow(1.3, 10) - 1) / 0.3, 10);
    }

    [Fact]
    public void No_packet_is_waited_for_longer_than_the_hold()
    {
        _tracker.SetRoundTripTime(TimeSpan.FromMilliseconds(900));
        _tracker.TryAdd(100, 101, Start);

        _tracker.GiveUpAt.ShouldBe(Start + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Without_nack_packets_are_waited_for_but_not_asked_for()
    {
        var tracker = new NackTracker(canAsk: false, TimeSpan.FromMilliseconds(500));
        tracker.TryAdd(100, 101, Start);

        tracker.NextAsk.ShouldBe(Instant.Never);
        tracker.GiveUpAt.ShouldBe(Start + TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public void A_packet_that_comes_is_not_asked_for_any_more()
    {
        _tracker.TryAdd(100, 104, Start);
        _tracker.Remove(101, Start, out _).ShouldBe(0);
        _tracker.Remove(101, Start, out _).ShouldBe(-1);
        _tracker.Remove(99, Start, out _).ShouldBe(-1);

        Due(20).ShouldBe([100, 102, 103]);
    }

    [Fact]
    public void The_round_trip_is_taken_from_packets_that_were_asked_for_once()
    {
        _tracker.TryAdd(100, 102, Start);
        Due(15);
        _tracker.Remove(100, Start + TimeSpan.FromMilliseconds(75), out var once);
        Due(15 + 100);
        _tracker.Remove(101, Start + TimeSpan.FromMilliseconds(175), out var twice);

        once.ShouldBe(TimeSpan.FromMilliseconds(60));
        twice.ShouldBeNull();
    }

    [Fact]
    public void More_than_a_thousand_are_not_noted()
    {
        _tracker.TryAdd(1, 1001, Start).ShouldBeTrue();
        _tracker.TryAdd(1001, 1002, Start).ShouldBeFalse();

        _tracker.Count.ShouldBe(1000);
        _tracker.RemoveBelow(501).ShouldBe(500);
        _tracker.TryAdd(1001, 1501, Start).ShouldBeTrue();
        _tracker.Count.ShouldBe(1000);
    }

    [Fact]
    public void Requests_that_do_not_fit_are_due_at_once()
    {
        _tracker.TryAdd(1, 101, Start);
        var sequences = new ushort[64];

        _tracker.TakeDue(Start + NackTracker.ReorderAllowance, sequences).ShouldBe(64);
        _tracker.TakeDue(Start + NackTracker.ReorderAllowance, sequences).ShouldBe(36);
        _tracker.TakeDue(Start + NackTracker.ReorderAllowance, sequences).ShouldBe(0);
    }

    [Fact]
    public void Numbers_are_asked_for_across_the_wrap()
    {
        _tracker.TryAdd(0x1_FFFE, 0x2_0002, Start);

        Due(15).ShouldBe([65534, 65535, 0, 1]);
    }

    [Fact]
    public void Any_order_of_adding_and_removing_leaves_what_a_set_would()
    {
        var random = new Random(20);
        var expected = new SortedSet<long>();
        long next = 1;
        for (var step = 0; step < 20_000; step++)
        {
            var count = random.Next(0, 40);
            if (_tracker.TryAdd(next, next + count, Start))
            {
                for (var sequence = next; sequence < next + count; sequence++)
                    expected.Add(sequence);
            }

            next += count + 1;
            for (var removals = random.Next(0, 30); removals > 0; removals--)
            {
                var sequence = next - random.Next(1, 2000);
                (_tracker.Remove(sequence, Start, out _) >= 0).ShouldBe(expected.Remove(sequence));
            }

            var below = next - random.Next(500, 3000);
            _tracker.RemoveBelow(below).ShouldBe(expected.RemoveWhere(sequence => sequence < below));
            _tracker.Count.ShouldBe(expected.Count);
        }
    }

    private ushort[] Due(double milliseconds)
    {
        var sequences = new ushort[100];
        return sequences[.._tracker.TakeDue(Start + TimeSpan.FromMilliseconds(milliseconds), sequences)];
    }
}
