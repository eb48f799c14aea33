using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class ReceptionStatisticsTests
{
    private const long First = 0x1_0000 + 65_530;

    private readonly ReceptionStatistics _statistics = new(90_000);

    [Fact]
    public void Loss_is_expected_less_received_over_the_wrap()
    {
        // RFC 3550, A.3.
        foreach (var offset in (int[])[0, 1, 2, 5, 6, 9])
            Receive(offset);

        _statistics.ExtendedHighest.ShouldBe(65_539u);
        _statistics.CumulativeLost.ShouldBe(4);
        _statistics.TakeFractionLost().ShouldBe((byte)(4 * 256 / 10));
        _statistics.LossRatio.ShouldBe(0.4, 0.01);
    }

    [Fact]
    public void The_fraction_is_of_the_interval_only()
    {
        Receive(0);
        Receive(9);
        _statistics.TakeFractionLost().ShouldBe((byte)(8 * 256 / 10));

        for (var offset = 10; offset < 20; offset++)
            Receive(offset);

        _statistics.TakeFractionLost().ShouldBe((byte)0);
        _statistics.CumulativeLost.ShouldBe(8);
    }

    [Fact]
    public void Duplicates_make_the_loss_negative_and_the_fraction_zero()
    {
        Receive(0);
        Receive(0);
        Receive(0);

        _statistics.CumulativeLost.ShouldBe(-2);
        _statistics.TakeFractionLost().ShouldBe((byte)0);
    }

    [Fact]
    public void Jitter_follows_the_formula_of_the_rfc()
    {
        // RFC 3550, 6.4.1: J += (|D| - J) / 16. Frames of 33.3 ms that come 10 ms late every second time.
        var jitter = 0.0;
        for (var number = 0; number < 200; number++)
        {
            var late = number % 2 * 10_000;
            _statistics.OnReceived(First + number, (uint)(number * 3000), new Instant(number * 100_000L / 3 + late));
            if (number > 0)
                jitter += (900 - jitter) / 16;
        }

        ((double)_statistics.JitterTicks).ShouldBe(jitter, 3);
        _statistics.Jitter.TotalMilliseconds.ShouldBe(10, 0.2);
    }

    [Fact]
    public void Packets_of_one_picture_are_no_jitter()
    {
        for (var number = 0; number < 100; number++)
            _statistics.OnReceived(First + number, (uint)(number / 10 * 3000), new Instant(number / 10 * 33_333 + number % 10 * 2000));

        _statistics.Jitter.TotalMilliseconds.ShouldBeLessThan(0.1);
    }

    private void Receive(int offset) => _statistics.OnReceived(First + offset, (uint)(offset * 3000), new Instant(offset * 33_333L));
}
