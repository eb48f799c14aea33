namespace MediaScore.Load.Tests.Clients;

public sealed class InterviewLedgerTests
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_caption_is_timed_from_the_packet_that_has_the_last_voiced_sample()
    {
        _scene.Caption(1.9, 4.2, at: 4.5);

        // Speech ends at 4.00 s; its last sample lies in the packet of 3.98 s.
        _scene.Meter.CaptionTimes.ShouldHaveSingleItem().Latency.ShouldBe(TimeSpan.FromMilliseconds(520));
    }

    [Fact]
    public void A_caption_that_ends_inside_an_utterance_is_not_timed_while_its_end_may_still_come()
    {
        _scene.Caption(5.9, 7.0, at: 7.5);
        _scene.Meter.CaptionTimes.ShouldBeEmpty();

        _scene.Caption(7.2, 9.1, at: 10);

        _scene.Meter.CaptionTimes.ShouldHaveSingleItem().Latency.ShouldBe(TimeSpan.FromMilliseconds(1020));
    }

    [Fact]
    public void An_utterance_whose_end_has_no_caption_is_not_timed_by_an_earlier_one()
    {
        _scene.Caption(5.9, 7.0, at: 9.5);

        var spoken = _scene.Ledger.Close(TimeSpan.FromSeconds(10));

        spoken.Count.ShouldBe(2);
        spoken[0].LastCaptionAt.ShouldBe(0);
        spoken[1].LastCaptionAt.ShouldBe(_scene.At(9.5));
        spoken[1].EndCaptioned.ShouldBeFalse();
        spoken[1].Latency.ShouldBeNull();
        _scene.Meter.CaptionTimes.ShouldBeEmpty();
    }

    [Fact]
    public void An_utterance_whose_end_noise_hides_is_counted_and_not_timed()
    {
        var scene = new Scene(clearEnds: false);
        scene.Meter.OpenWindow();

        scene.Caption(1.9, 4.2, at: 4.5);

        scene.Meter.CaptionTimes.ShouldBeEmpty();
        scene.Meter.CaptionsUntimed.ShouldBe(1);
        scene.Ledger.Close(TimeSpan.FromSeconds(5)).ShouldHaveSingleItem().EndCaptioned.ShouldBeTrue();
    }

    [Fact]
    public void A_caption_before_its_speech_was_due_is_counted()
    {
        _scene.Meter.OpenWindow();

        _scene.Caption(1.9, 4.2, at: 3.9);

        _scene.Meter.Captions.Early.ShouldBe(1);
    }

    [Fact]
    public void Captions_of_the_window_are_those_of_sound_that_was_due_in_it()
    {
        _scene.Caption(1.9, 4.2, at: 4.5);
        _scene.Time.Advance(TimeSpan.FromSeconds(5));
        _scene.Meter.OpenWindow();

        _scene.Caption(5.9, 7.0, at: 7.5);
        _scene.Caption(7.2, 9.1, at: 10);

        _scene.Meter.CaptionCount.ShouldBe(3);
        _scene.Meter.CaptionsInWindow.ShouldBe(2);
    }

    [Fact]
    public void What_is_cut_off_by_the_end_was_not_said() => _scene.Ledger.Close(TimeSpan.FromSeconds(8)).Select(account => (account.Part.Transcript, account.Whole)).ShouldBe([("one two", true), ("three", false)]);

    [Fact]
    public void What_a_hole_cuts_was_not_said_whole_and_speech_goes_on_behind_it_where_the_track_stands()
    {
        _scene.Ledger.GoOn(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5), startAt: TimeSpan.FromSeconds(5));

        var spoken = _scene.Ledger.Close(TimeSpan.FromSeconds(10));

        spoken[0].Whole.ShouldBeFalse();
        var part = spoken.Where(account => account.Whole).ShouldHaveSingleItem().Part;
        (part.Transcript, part.VoicedStart, part.VoicedEnd).ShouldBe(("three", TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void Each_packet_is_timed_once_when_it_is_safe_and_none_of_a_hole()
    {
        _scene.Meter.OpenWindow();
        _scene.Ledger.GoOn(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.3), startAt: TimeSpan.Zero);

        _scene.Ledger.DurableUntil(TimeSpan.FromSeconds(0.2), _scene.At(0.5));
        _scene.Ledger.DurableUntil(TimeSpan.FromSeconds(0.4), _scene.At(0.6));
        _scene.Ledger.Durable(20, _scene.At(0.7));

        var times = _scene.Meter.Durable.Window();
        times.Count.ShouldBe(10);
        times.Max.ShouldBe(500, 1);
    }
}
