using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class MediaClockTests
{
    // What lip sync allows: from -40 to +40 ms, half of what ITU-R BT.1359 calls detectable.
    private const double AllowedMs = 40;

    [Theory]
    [InlineData(200, 0, 0)]
    [InlineData(-200, 0, 0)]
    [InlineData(200, -200, 0)]
    [InlineData(-200, 200, 0)]
    [InlineData(0, 200, -200)]
    [InlineData(0, 0, 200)]
    public void Pictures_stay_with_the_sound_for_an_hour_whatever_the_clocks_drift(double audioPpm, double videoPpm, double wallPpm)
    {
        var simulation = new ClockSimulation { AudioSkewPpm = audioPpm, VideoSkewPpm = videoPpm, WallSkewPpm = wallPpm };

        simulation.Run(3600);

        simulation.WorstMs.ShouldBeLessThan(AllowedMs);
        simulation.BackwardCount.ShouldBe(0);
        simulation.LargestStepMs.ShouldBeLessThan(1.5);
        simulation.Clock.IsSynchronised.ShouldBeTrue();
        simulation.Clock.LeapCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void Sound_is_contiguous_to_the_sample_whatever_the_reports_say(double audioPpm)
    {
        var simulation = new ClockSimulation { AudioSkewPpm = audioPpm, ReportErrorMs = static at => ((int)at % 7 * 100, (int)at % 5 * -100) };

        simulation.Run(600);

        for (var number = 0; number < simulation.Sounds.Count; number++)
            ((double)(simulation.Sounds[number].MediaUs - simulation.Sounds[0].MediaUs)).ShouldBe(number * 20_000.0, 21);
    }

    [Fact]
    public void Without_reports_pictures_are_placed_by_arrival_and_follow_the_drift()
    {
        var simulation = new ClockSimulation { AudioSkewPpm = 200, VideoSkewPpm = -200, SendsAudioReports = false, SendsVideoReports = false, VideoExtraDelayMs = 20, JitterMs = 60 };

        simulation.Run(3600);

        simulation.WorstMs.ShouldBeLessThan(AllowedMs);
        simulation.Clock.IsSynchronised.ShouldBeFalse();
    }

    [Fact]
    public void Reports_correct_what_arrival_gets_wrong()
    {
        var simulation = new ClockSimulation { VideoExtraDelayMs = 200 };

        simulation.Run(30);

        simulation.Pictures[1].ErrorMs.ShouldBeGreaterThan(100);
        simulation.WorstMs.ShouldBeLessThan(15);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(100)]
    [InlineData(-4 * 3_600_000)]
    [InlineData(4 * 3_600_000)]
    public void One_wrong_report_moves_nothing(double errorMs)
    {
        var simulation = new ClockSimulation { ReportErrorMs = at => at is > 60 and < 65 ? (errorMs, 0) : (0, 0) };

        simulation.Run(120);

        simulation.WorstMs.ShouldBeLessThan(15);
    }

    [Theory]
    [InlineData(318)] // One session of a recorder for LiveKit had it for its whole length (livekit/egress#1399).
    [InlineData(-500)]
    [InlineData(3_600_000)]
    public void Reports_that_disagree_with_every_arrival_are_never_believed(double errorMs)
    {
        var simulation = new ClockSimulation { ReportErrorMs = _ => (errorMs, 0), VideoExtraDelayMs = 20 };

        simulation.Run(120);

        simulation.WorstMs.ShouldBeLessThan(AllowedMs);
        simulation.Clock.IsSynchronised.ShouldBeFalse();
        simulation.Clock.RefusedReportCount.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void A_wall_clock_that_is_set_is_followed_when_both_kinds_say_so()
    {
        var simulation = new ClockSimulation { ReportErrorMs = static at => at > 60 ? (7_200_000, 7_200_000) : (0, 0) };

        simulation.Run(180);

        simulation.WorstMs.ShouldBeLessThan(15);
        simulation.Clock.RefusedReportCount.ShouldBeInRange(1, 10);
    }

    [Fact]
    public void A_correction_is_made_at_twenty_milliseconds_a_second()
    {
        // Within what is plausible, from one report on; pictures are moved slowly.
        var simulation = new ClockSimulation { ReportErrorMs = static at => at > 60 ? (0, 150) : (0, 0), VideoExtraDelayMs = 20 };

        simulation.Run(90, measureFrom: 11);

        simulation.LargestStepMs.ShouldBeLessThan(20 / 15.0 + 0.1);
        simulation.Pictures[^1].ErrorMs.ShouldBe(150, 15);
    }

    [Fact]
    public void A_report_without_a_clock_says_nothing()
    {
        var clock = new MediaClock();
        clock.PlaceAudio(0, new Instant(0), 960);
        clock.OnAudioReport(default, 0, new Instant(0));

        clock.RefusedReportCount.ShouldBe(1);
    }

    [Fact]
    public void Without_sound_the_pictures_own_clock_counts()
    {
        var simulation = new ClockSimulation { HasAudio = false, VideoSkewPpm = 150, JitterMs = 200 };

        simulation.Run(600);

        for (var number = 0; number < simulation.Pictures.Count; number++)
            ((double)(simulation.Pictures[number].MediaUs - simulation.Pictures[0].MediaUs)).ShouldBe(number * 1e6 / 15 * 1.000_150, 25);
    }

    [Fact]
    public void Sound_that_begins_later_is_laid_beside_the_pictures_that_came_with_it()
    {
        var simulation = new ClockSimulation { AudioStartsAt = 30 };

        simulation.Run(120, measureFrom: 45);

        simulation.Sounds[0].MediaUs.ShouldBeInRange(29_900_000, 30_100_000);
        simulation.WorstMs.ShouldBeLessThan(15);
    }

    [Fact]
    public void Sound_that_pauses_comes_back_where_it_belongs()
    {
        var simulation = new ClockSimulation { AudioPauses = static at => at is > 30 and < 90, AudioSkewPpm = 100 };

        simulation.Run(180);

        simulation.WorstMs.ShouldBeLessThan(AllowedMs);
        simulation.Sounds.Single(sound => sound.TrueSeconds is >= 90 and < 90.02).MediaUs.ShouldBeInRange(89_900_000, 90_100_000);
    }

    [Fact]
    public void Another_source_of_sound_goes_on_at_the_time_of_its_arrival()
    {
        var clock = new MediaClock();
        for (var number = 0; number < 100; number++)
            clock.PlaceAudio(number * 960, new Instant(5_000_000 + number * 20_000), 960);
        clock.ChangeAudioSource();

        // Three seconds later, with a time of its own.
        clock.PlaceAudio(777_000_000, new Instant(5_000_000 + 5_000_000), 960).ShouldBe(5_000_000);
        clock.PlaceAudio(777_000_960, new Instant(5_000_000 + 5_020_000), 960).ShouldBe(5_020_000);
    }

    [Fact]
    public void Another_source_never_goes_back_behind_what_was_placed()
    {
        var clock = new MediaClock();
        for (var number = 0; number < 100; number++)
            clock.PlaceAudio(number * 960, new Instant(5_000_000), 960); // All at once: held up on the way.
        clock.ChangeAudioSource();

        clock.PlaceAudio(42, new Instant(5_000_000), 960).ShouldBe(2_000_000);
    }

    [Fact]
    public void A_stamp_that_leaps_ahead_of_its_arrival_is_placed_by_arrival()
    {
        var clock = new MediaClock();
        for (var number = 0; number < 100; number++)
            clock.PlaceAudio(number * 960, new Instant(5_000_000 + number * 20_000), 960);

        clock.PlaceAudio(100 * 960 + 48_000L * 3600, new Instant(5_000_000 + 100 * 20_000), 960).ShouldBe(2_000_000);
        clock.LeapCount.ShouldBe(1);
    }

    [Fact]
    public void A_sender_that_stood_still_leaves_a_hole_and_is_in_time_again()
    {
        // A telephone call takes the microphone for 30 s: the samples that were never taken have no place in RTP time.
        var clock = new MediaClock();
        long ticks = 0;
        for (var number = 0; number < 500; number++, ticks += 960)
            clock.PlaceAudio(ticks, new Instant(5_000_000 + number * 20_000), 960);
        long last = 0;
        for (var number = 2000; number < 2500; number++, ticks += 960)
            last = clock.PlaceAudio(ticks, new Instant(5_000_000 + number * 20_000), 960);

        last.ShouldBe(2499 * 20_000);
        clock.LeapCount.ShouldBe(1);
    }

    [Fact]
    public void Pictures_that_come_late_for_long_keep_the_places_that_reports_say()
    {
        // Two seconds of pictures that are sent again behind the new ones: the sound beside them is in time.
        var simulation = new ClockSimulation { VideoLateMs = static seconds => seconds is > 40 and < 50 ? Math.Min(4000, (50 - seconds) * 1000) : 0 };

        simulation.Run(90);

        simulation.WorstMs.ShouldBeLessThan(60);
        simulation.BackwardCount.ShouldBe(0);
    }

    [Fact]
    public void Congestion_that_empties_again_is_no_hole()
    {
        var clock = new MediaClock();
        var random = new Random(4);
        for (var number = 0; number < 3000; number++)
        {
            // A queue that fills to 2.5 s and drains.
            var queue = number is > 1000 and < 2000 ? 2_500_000 - Math.Abs(1500 - number) * 5000 : 0;
            clock.PlaceAudio(number * 960, new Instant(5_000_000 + number * 20_000 + queue + random.Next(10_000)), 960).ShouldBe(number * 20_000);
        }

        clock.LeapCount.ShouldBe(0);
    }

    [Fact]
    public void Stamps_at_the_ends_of_their_range_neither_throw_nor_run_backwards()
    {
        var clock = new MediaClock();
        var random = new Random(5);
        long audio = 0, video = 0;
        var now = 5_000_000L;
        for (var number = 0; number < 100_000; number++)
        {
            now += random.Next(0, 30_000);
            var ticks = random.NextInt64(long.MinValue / 4, long.MaxValue / 4);
            var placedAudio = clock.PlaceAudio(ticks, new Instant(now), 960);
            var placedVideo = clock.PlaceVideo(-ticks, new Instant(now));
            clock.OnAudioReport(new((ulong)random.NextInt64()), ticks, new Instant(now));
            clock.OnVideoReport(new((ulong)random.NextInt64()), -ticks, new Instant(now));

            placedAudio.ShouldBeGreaterThanOrEqualTo(audio);
            placedVideo.ShouldBeGreaterThanOrEqualTo(video);
            (audio, video) = (placedAudio, placedVideo);
        }
    }
}
