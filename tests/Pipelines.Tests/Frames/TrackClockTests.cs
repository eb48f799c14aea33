using MediaScore.Pipelines.Frames;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Frames;

public class TrackClockTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);
    private readonly TrackClock _clock = new(TrackClockOptions.Default);

    [Fact]
    public void Contiguous_packets_lie_where_the_client_says()
    {
        for (var i = 0; i < 100; i++)
        {
            var place = _clock.Place((ulong)i, i * 20_000, Frame);

            place.Verdict.ShouldBe(ClockVerdict.Steady);
            place.Time.ShouldBe(MediaTime.FromMilliseconds(i * 20));
            place.ToObservation("audio").ShouldBeNull();
        }
    }

    [Fact]
    public void Jitter_of_less_than_half_a_frame_leaves_no_seam()
    {
        long[] jitter = [0, 7_000, -9_000, 3_000, 9_900];

        for (var i = 0; i < 50; i++)
            _clock.Place((ulong)i, i * 20_000 + (i == 0 ? 0 : jitter[i % 5]), Frame).Time.ShouldBe(MediaTime.FromMilliseconds(i * 20));
    }

    [Fact]
    public void A_track_that_begins_late_begins_where_it_says_and_misses_nothing()
    {
        var place = _clock.Place(0, 5_000_000, Frame);

        place.Verdict.ShouldBe(ClockVerdict.Steady);
        place.Time.ShouldBe(MediaTime.FromSeconds(5));
    }

    [Fact]
    public void A_forward_jump_is_a_gap_and_says_whether_packets_were_lost()
    {
        _clock.Place(0, 0, Frame);

        var jumped = _clock.Place(1, 1_000_000, Frame);
        var lost = _clock.Place(7, 2_000_000, Frame);

        jumped.ToObservation("audio").ShouldBe(new MediaGap(new(MediaTime.FromMilliseconds(20), MediaTime.FromSeconds(1)), "audio", GapReasons.ClockJumpedForward));
        lost.ToObservation("audio").ShouldBe(new MediaGap(new(MediaTime.FromMilliseconds(1020), MediaTime.FromSeconds(2)), "audio", GapReasons.PacketsLost));
    }

    [Fact]
    public void A_backward_jump_is_noted_once_and_the_interview_goes_on_where_it_was()
    {
        for (var i = 0; i < 50; i++)
            _clock.Place((ulong)i, i * 20_000, Frame);

        var jumped = _clock.Place(50, 0, Frame);
        var after = _clock.Place(51, 20_000, Frame);

        jumped.Time.ShouldBe(MediaTime.FromSeconds(1));
        jumped.Jump.ShouldBe(TimeSpan.FromSeconds(-1));
        jumped.ToObservation("audio").ShouldBe(new MediaGap(MediaRange.At(MediaTime.FromSeconds(1)), "audio", GapReasons.ClockJumpedBackward));
        after.Verdict.ShouldBe(ClockVerdict.Steady);
        after.Time.ShouldBe(MediaTime.FromMilliseconds(1020));
    }

    [Theory]
    [InlineData(601_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(1_795_000_000_000_000)] // somebody's wall clock
    public void A_jump_of_more_than_ten_minutes_is_refused_and_changes_nothing(long clientMicroseconds)
    {
        _clock.Place(0, 0, Frame);
        var before = _clock.State;

        _clock.Place(1, clientMicroseconds, Frame).Verdict.ShouldBe(ClockVerdict.Refused);

        _clock.State.ShouldBe(before);
        _clock.Place(1, 20_000, Frame).Time.ShouldBe(MediaTime.FromMilliseconds(20));
    }

    [Fact]
    public void Times_before_zero_are_put_at_zero()
    {
        _clock.Place(0, long.MinValue, Frame).Time.ShouldBe(MediaTime.Zero);

        var fresh = new TrackClock(TrackClockOptions.Default);
        fresh.Place(0, -3_000_000, Frame).Time.ShouldBe(MediaTime.Zero);
        fresh.Place(1, -2_980_000, Frame).Time.ShouldBe(MediaTime.FromMilliseconds(20));
    }

    [Fact]
    public void Pictures_in_decoding_order_stay_monotone_without_a_note()
    {
        long[] bPictures = [0, 120_000, 40_000, 80_000, 240_000, 160_000, 200_000];
        var last = MediaTime.Zero;

        for (var i = 0; i < bPictures.Length; i++)
        {
            var place = _clock.Place((ulong)i, bPictures[i], TimeSpan.Zero);

            place.Verdict.ShouldBe(ClockVerdict.Steady);
            place.Time.ShouldBeGreaterThanOrEqualTo(last);
            last = place.Time;
        }

        last.ShouldBe(MediaTime.FromMilliseconds(240));
    }

    [Fact]
    public void A_clock_taken_up_from_its_state_goes_on_as_if_nothing_had_happened()
    {
        var whole = new TrackClock(TrackClockOptions.Default);
        var first = new TrackClock(TrackClockOptions.Default);
        long[] stamps = [0, 20_000, 40_000, 900_000, 100_000, 120_000, 140_000, 700_000];

        var undisturbed = stamps.Select((stamp, i) => whole.Place((ulong)i, stamp, Frame)).ToList();
        var before = stamps.Take(5).Select((stamp, i) => first.Place((ulong)i, stamp, Frame)).ToList();
        var second = new TrackClock(TrackClockOptions.Default, first.State);
        var after = stamps.Skip(5).Select((stamp, i) => second.Place((ulong)(5 + i), stamp, Frame)).ToList();

        before.Concat(after).ShouldBe(undisturbed);
    }

    [Fact]
    public void Any_stamps_give_times_that_never_run_backwards()
    {
        var random = new Random(20);
        var last = MediaTime.Zero;

        for (ulong sequence = 0; sequence < 20_000; sequence++)
        {
            var stamp = random.Next(4) switch { 0 => random.NextInt64(), 1 => -random.NextInt64(), 2 => random.Next(), _ => (long)sequence * 20_000 };
            var place = _clock.Place(sequence, stamp, random.Next(2) == 0 ? Frame : TimeSpan.Zero);
            if (place.Verdict == ClockVerdict.Refused)
                continue;

            place.Time.ShouldBeGreaterThanOrEqualTo(last);
            last = place.Time;
        }
    }
}
