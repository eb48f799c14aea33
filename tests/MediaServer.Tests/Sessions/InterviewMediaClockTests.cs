using MediaScore.MediaServer.Sessions;
using MediaScore.Timeline;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class InterviewMediaClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_first_frame_of_an_interview_lies_at_zero()
    {
        var clock = new InterviewMediaClock(_time);
        _time.Advance(TimeSpan.FromHours(3));

        var before = clock.Now;
        clock.Start(MediaTime.Zero, TimeSpan.Zero);

        before.ShouldBe(MediaTime.Zero);
        clock.Anchor(firstFrameUs: 40_000, MediaTime.Zero).ShouldBe(-40_000);
    }

    [Fact]
    public void A_page_that_loads_again_goes_on_as_much_later_as_it_was_away()
    {
        var clock = new InterviewMediaClock(_time);
        clock.Start(MediaTime.Zero, TimeSpan.Zero);
        Send(clock, offsetUs: clock.Anchor(0, MediaTime.Zero), seconds: 10);
        _time.Advance(TimeSpan.FromSeconds(5));

        var offset = clock.Anchor(firstFrameUs: 0, recorded: MediaTime.FromMilliseconds(9_980));

        // 500 frames of 20 ms, the last at 9.98 s, and 5 s without any.
        offset.ShouldBe(14_980_000);
    }

    [Fact]
    public void Frames_that_were_held_back_do_not_move_now()
    {
        var clock = new InterviewMediaClock(_time);
        clock.Start(MediaTime.Zero, TimeSpan.Zero);
        Send(clock, offsetUs: 0, seconds: 1);
        var at = clock.Now;

        _time.Advance(TimeSpan.FromSeconds(1));
        clock.Observe(1_000_000); // 20 ms after the last one, but a second late

        clock.Now.ShouldBe(at + TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void A_sample_clock_that_is_200_ppm_wrong_is_followed_for_an_hour(int ppm)
    {
        var clock = new InterviewMediaClock(_time);
        clock.Start(MediaTime.Zero, TimeSpan.Zero);
        var latest = 0L;
        for (var i = 0; i < 36_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            latest = (long)(i * 100_000L * (1 + ppm / 1e6));
            clock.Observe(latest);
        }

        // 30 s of 200 ppm, the older half of what is looked at.
        Math.Abs(clock.Now.Microseconds - latest).ShouldBeLessThan(7_000);
    }

    [Fact]
    public void Now_does_not_run_backwards_and_nothing_new_lies_before_what_is_recorded()
    {
        var clock = new InterviewMediaClock(_time);
        clock.Start(MediaTime.FromMilliseconds(60_000), away: TimeSpan.FromSeconds(20));

        var now = clock.Now;
        var anchored = clock.Anchor(0, recorded: MediaTime.FromMilliseconds(90_000));
        clock.Start(MediaTime.Zero, TimeSpan.Zero);

        now.ShouldBe(MediaTime.FromMilliseconds(80_000));
        anchored.ShouldBe(90_000_000);
        clock.Now.ShouldBe(now);
    }

    private void Send(InterviewMediaClock clock, long offsetUs, int seconds)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            clock.Observe(offsetUs + i * 20_000L);
            if (i + 1 < seconds * 50)
                _time.Advance(TimeSpan.FromMilliseconds(20));
        }
    }
}
