using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class KeyFrameRequesterTests
{
    private static readonly Instant Start = new(1_000_000);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    [Fact]
    public void Until_the_first_key_frame_it_asks_after_half_a_second_and_then_every_second()
    {
        var requester = new KeyFrameRequester(Period, 0, canPli: true, canFir: true);
        requester.Begin(Start);

        Asked(requester, 5000).ShouldBe([200, 700, 1700, 2700, 3700, 4700]);
    }

    [Fact]
    public void A_sender_that_begins_with_a_key_frame_is_not_asked_for_one()
    {
        var requester = new KeyFrameRequester(Period, 0, canPli: true, canFir: true);
        requester.Begin(Start);
        requester.OnKeyFrame(1000, At(50));

        Asked(requester, 2000).ShouldBeEmpty();
        Asked(requester, 2051).ShouldBe([2050]);
    }

    [Fact]
    public void Any_key_frame_clears_the_pending_request()
    {
        var requester = new KeyFrameRequester(TimeSpan.Zero, 0, canPli: true, canFir: true);
        requester.Begin(Start);
        Asked(requester, 300).Count.ShouldBe(1);
        requester.IsPending.ShouldBeTrue();

        requester.OnKeyFrame(1000, At(320));

        requester.IsPending.ShouldBeFalse();
        requester.NextDeadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void A_loss_asks_at_once_and_many_losses_ask_once()
    {
        var requester = new KeyFrameRequester(TimeSpan.Zero, 0, canPli: true, canFir: true);
        requester.Begin(Start);
        requester.OnKeyFrame(1000, Start);

        requester.Need(At(1000));
        requester.TakeDue(At(1000)).ShouldBe(KeyFrameRequest.PictureLoss);
        for (var milliseconds = 1000; milliseconds < 1500; milliseconds++)
        {
            requester.Need(At(milliseconds));
            requester.TakeDue(At(milliseconds)).ShouldBe(KeyFrameRequest.None);
        }

        requester.TakeDue(At(1500)).ShouldBe(KeyFrameRequest.PictureLoss);
    }

    [Fact]
    public void Losses_after_each_key_frame_do_not_ask_more_often_than_a_browser_answers()
    {
        var requester = new KeyFrameRequester(TimeSpan.Zero, 0, canPli: true, canFir: true);
        var count = 0;
        for (var milliseconds = 0; milliseconds < 3000; milliseconds += 10)
        {
            requester.Need(At(milliseconds));
            if (requester.TakeDue(At(milliseconds)) == KeyFrameRequest.None)
                continue;
            count++;
            requester.OnKeyFrame(1000, At(milliseconds + 5));
        }

        count.ShouldBe(10);
    }

    [Fact]
    public void Only_where_fir_alone_was_negotiated_it_is_sent_and_a_repetition_keeps_its_number()
    {
        var requester = new KeyFrameRequester(TimeSpan.Zero, 0, canPli: false, canFir: true);
        requester.Begin(Start);

        requester.TakeDue(At(200)).ShouldBe(KeyFrameRequest.FullIntra);
        requester.CommandSequence.ShouldBe((byte)1);
        requester.TakeDue(At(700)).ShouldBe(KeyFrameRequest.FullIntra);
        requester.CommandSequence.ShouldBe((byte)1);
        requester.OnKeyFrame(1000, At(800));
        requester.Need(At(1100));
        requester.TakeDue(At(1100)).ShouldBe(KeyFrameRequest.FullIntra);
        requester.CommandSequence.ShouldBe((byte)2);
    }

    [Fact]
    public void Where_nothing_was_negotiated_nothing_is_asked()
    {
        var requester = new KeyFrameRequester(Period, 0, canPli: false, canFir: false);
        requester.Begin(Start);
        requester.Need(Start);

        requester.NextDeadline.ShouldBe(Instant.Never);
        requester.TakeDue(At(10_000)).ShouldBe(KeyFrameRequest.None);
    }

    [Theory]
    [InlineData(800_000, 13_000, 2.0)] // A browser's picture: 6.5 % of the bytes.
    [InlineData(800_000, 40_000, 4.0)] // A noisy one: 20 % would go into key frames.
    [InlineData(200_000, 40_000, 10.0)] // Never slower than five periods.
    public void The_pace_keeps_key_frames_within_a_tenth_of_the_bytes(int bitrate, int keyFrameBytes, double seconds)
    {
        var requester = new KeyFrameRequester(Period, 0, canPli: true, canFir: false);
        requester.Begin(Start);
        for (var milliseconds = 0; milliseconds < 60_000; milliseconds += 20)
        {
            requester.OnReceived(bitrate / 8 / 50, At(milliseconds));
            if (requester.TakeDue(At(milliseconds)) != KeyFrameRequest.None)
                requester.OnKeyFrame(keyFrameBytes, At(milliseconds));
        }

        requester.Pace.TotalSeconds.ShouldBe(seconds, 0.1);
    }

    [Fact]
    public void A_lossy_path_is_asked_half_as_often()
    {
        var requester = new KeyFrameRequester(Period, 0, canPli: true, canFir: false) { LossRatio = 0.1 };
        requester.OnReceived(100_000, Start);
        requester.OnReceived(100_000, At(1000));
        requester.OnKeyFrame(1000, At(1000));

        requester.Pace.ShouldBe(2 * Period);
    }

    [Fact]
    public void Sessions_that_begin_together_ask_at_different_times()
    {
        var firsts = Enumerable.Range(0, 10).Select(number =>
        {
            var requester = new KeyFrameRequester(Period, number / 10.0, canPli: true, canFir: false);
            requester.Begin(Start);
            requester.OnKeyFrame(1000, Start);
            return requester.NextDeadline;
        }).ToList();

        firsts.Distinct().Count().ShouldBe(10);
        firsts.ShouldAllBe(first => first <= Start + Period && first >= Start + TimeSpan.FromMilliseconds(500));
    }

    private static Instant At(int milliseconds) => Start + TimeSpan.FromMilliseconds(milliseconds);

    private static List<int> Asked(KeyFrameRequester requester, int milliseconds)
    {
        var asked = new List<int>();
        while (requester.NextDeadline <= At(milliseconds))
        {
            var at = requester.NextDeadline;
            requester.TakeDue(at).ShouldNotBe(KeyFrameRequest.None);
            asked.Add((int)(at - Start).TotalMilliseconds);
        }

        return asked;
    }
}
