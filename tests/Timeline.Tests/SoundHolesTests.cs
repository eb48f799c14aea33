namespace MediaScore.Timeline.Tests;

public sealed class SoundHolesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly SoundHoles _holes = new();

    [Fact]
    public void Without_any_sound_the_limit_runs_from_the_start() => _holes.Deadline(At(10), Limit, At(500)).ShouldBe(At(130));

    [Fact]
    public void A_hole_moves_the_deadline_by_its_length()
    {
        Hear(0, 40);
        Hear(70, 80);

        _holes.Deadline(At(10), Limit, At(80)).ShouldBe(At(160));
    }

    [Fact]
    public void Within_a_hole_the_deadline_moves_with_the_clock()
    {
        Hear(0, 40);

        _holes.Deadline(At(0), Limit, At(100)).ShouldBe(At(180));
        _holes.Deadline(At(0), Limit, At(200)).ShouldBe(At(280));
    }

    [Fact]
    public void Jitter_and_silence_that_a_codec_leaves_out_move_nothing()
    {
        for (var at = 0.0; at < 60; at += 0.9)
            _holes.Hear(At(at));

        _holes.Deadline(At(0), Limit, At(60)).ShouldBe(At(120));
    }

    [Fact]
    public void A_hole_before_the_answer_counts_only_from_its_start()
    {
        Hear(0, 40);
        Hear(60, 61);

        _holes.Deadline(At(50), Limit, At(61)).ShouldBe(At(180));
        _holes.Deadline(At(60), Limit, At(61)).ShouldBe(At(180));
    }

    [Fact]
    public void A_hole_behind_the_deadline_moves_nothing()
    {
        Hear(0, 130);
        Hear(160, 161);

        _holes.Deadline(At(0), Limit, At(161)).ShouldBe(At(120));
    }

    [Fact]
    public void A_second_hole_that_only_the_first_one_brought_before_the_deadline_counts()
    {
        Hear(0, 100);
        Hear(130, 140);
        Hear(150, 151);

        // 120 + 30 = 150, and the second hole begins at 140.
        _holes.Deadline(At(0), Limit, At(151)).ShouldBe(At(160));
    }

    [Fact]
    public void An_answer_is_not_held_open_for_ever()
    {
        Hear(0, 40);

        _holes.Deadline(At(0), Limit, At(40_000)).ShouldBe(At(120) + SoundHoles.LongestPause);
        _holes.Hear(At(40_000));
        _holes.Deadline(At(0), Limit, At(40_001)).ShouldBe(At(120) + SoundHoles.LongestPause);
    }

    [Fact]
    public void Sound_that_comes_late_closes_no_hole()
    {
        Hear(0, 40);
        Hear(70, 71);

        Hear(41, 69);

        _holes.Deadline(At(0), Limit, At(71)).ShouldBe(At(150));
    }

    [Fact]
    public void A_deadline_is_the_same_whoever_asks_when_once_the_hole_is_closed()
    {
        Hear(0, 40);
        Hear(70, 200);

        for (var now = 71.0; now < 200; now += 7)
            _holes.Deadline(At(0), Limit, At(now)).ShouldBe(At(150));
    }

    private void Hear(double from, double to)
    {
        for (var at = from; at <= to; at += 0.5)
            _holes.Hear(At(at));
    }

    private static MediaTime At(double seconds) => MediaTime.FromSeconds(seconds);
}
